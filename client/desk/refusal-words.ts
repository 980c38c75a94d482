import { CallError } from "../feed/reading.ts";

/** What went wrong, for an editor with seconds. The text that was typed stays where it is in every case. */
export function toRefusalWords(error: unknown): string {
  if (!(error instanceof CallError)) return "Something failed on this page. Your text is kept.";
  switch (error.code) {
    case "unreachable":
      return "The server cannot be reached. Nothing was lost; send it again when the connection is back.";
    case "not_stored":
      return "This was not stored and will not be. Your text is kept: send it again.";
    case "outcome_unknown":
      return "It is not known whether this was stored. Send it again: it cannot come twice.";
    case "unavailable":
    case "not_ready":
    case "internal":
      return "The server cannot take it just now. Your text is kept: send it again in a moment.";
    case "stale_revision":
      return "The item changed while you were writing. Both texts are below.";
    case "if_match_required":
      return "The item has not been read yet. Open it again, then send.";
    case "conflict":
      return `This cannot be done to the item as it is now: ${error.message}`;
    case "killed":
      return "This item has been withdrawn.";
    case "unknown_item":
      return "There is no such item any more.";
    case "unauthorized":
    case "revoked":
      return "Your token is not valid any more. Sign in again; your text is kept.";
    case "forbidden":
      return error.message;
    case "rate":
      return "Too many at once. Wait a second and send it again.";
    default:
      return error.message;
  }
}
