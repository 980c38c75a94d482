import { commandAnswer, holdRequest, itemChange, killRequest, newItem } from "../../contract/rest.ts";
import { itemScreens } from "../../contract/screens.ts";
import type { Operation } from "./operation.ts";

const KEY = {
  "Idempotency-Key": "The same key and body have one effect, however often they come, for 24 hours.",
};
const REVISION = { "If-Match": 'The revision you have read, such as "3".' };
const COMMAND_ERRORS = ["unknown_item", "key_reused", "not_stored", "outcome_unknown"];
const done = { 200: { says: "The item after it, and where each public log stands", schema: commandAnswer } };

/** What editors do. */
export const ITEMS: Operation[] = [
  {
    method: "post",
    path: "/v1/items",
    summary: "Publish an item",
    role: "editor",
    headers: KEY,
    body: newItem,
    answers: { 201: { says: "Stored, on disk, and on the line", schema: commandAnswer } },
    errors: ["key_reused", "not_stored", "outcome_unknown"],
  },
  {
    method: "put",
    path: "/v1/items/{id}",
    summary: "Update or correct an item; null clears a field",
    role: "editor",
    headers: { ...REVISION, ...KEY },
    body: itemChange,
    answers: done,
    errors: [...COMMAND_ERRORS, "killed", "stale_revision", "if_match_required"],
  },
  {
    method: "post",
    path: "/v1/items/{id}/kill",
    summary: "Withdraw an item for good, from every screen",
    role: "editor",
    headers: KEY,
    body: killRequest,
    answers: done,
    errors: COMMAND_ERRORS,
  },
  {
    method: "post",
    path: "/v1/items/{id}/hold",
    summary: "Take an item off the line while it is checked",
    role: "editor",
    headers: KEY,
    body: holdRequest,
    answers: done,
    errors: [...COMMAND_ERRORS, "killed"],
  },
  ...(["release", "pin", "unpin"] as const).map((name): Operation => {
    const summary = { release: "Let a held item through", pin: "Pin an item", unpin: "Unpin an item" }[name];
    const errors = [...COMMAND_ERRORS, "killed"];
    return {
      method: "post",
      path: `/v1/items/{id}/${name}`,
      summary,
      role: "editor",
      headers: KEY,
      answers: done,
      errors,
    };
  }),
  {
    method: "get",
    path: "/v1/items/{id}/screens",
    summary: "Which screens still show an item that was withdrawn, held or corrected in the last minutes",
    role: "editor",
    answers: { 200: { says: "Counts", schema: itemScreens } },
    errors: ["unknown_item"],
  },
];
