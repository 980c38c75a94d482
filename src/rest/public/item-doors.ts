import { type Request, type Response, Router } from "express";
import { NewsLineError } from "../../contract/errors.ts";
import type { RevisionEntry } from "../../contract/item.ts";
import { type Audience, itemId } from "../../contract/names.ts";
import { diffQuery } from "../../contract/rest.ts";
import type { RevisionDiff } from "../../contract/screens.ts";
import { toAbsence } from "../../store/change.ts";
import { readHistory, toPublicHistory } from "../../store/history.ts";
import { readItem } from "../../store/items.ts";
import type { Edition } from "../../store/keys.ts";
import { toDeskItem, toItem } from "../../store/project.ts";
import type { ItemRecord } from "../../store/record.ts";
import { paramOf, parseAtDoor } from "../parse.ts";
import { type Identify, readAudience, setCaching } from "./callers.ts";
import { diffWords } from "./word-diff.ts";

/** What the caller may see of one item, or the error that says as much as it may know. */
interface Shown {
  record: ItemRecord;
  audience: Audience;
}

/** One item: the record, its revisions, the difference of two of them. */
export function createItemDoors({ edition, identify }: { edition: Edition; identify: Identify }): Router {
  const router = Router();

  function door(path: string, answer: (shown: Shown, request: Request, response: Response) => Promise<void>) {
    router.get(path, async (request, response) => {
      const id = paramOf(request, "id");
      const audience = await readAudience(request, identify);
      const record = await readRecord(edition, id);
      const killed = checkShown(record, audience);
      if (killed !== undefined) {
        response
          .status(killed.status)
          .set("Cache-Control", "no-store")
          .json({ id, ...killed.toBody() });
        return;
      }
      if (record === undefined) throw new NewsLineError("unknown_item");
      await answer({ record, audience }, request, response);
    });
  }

  door("/v1/items/:id", ({ record, audience }, _request, response) => {
    setCaching(response, audience);
    response.set("ETag", `"${record.revision}"`);
    response.json(audience === "desk" ? toDeskItem(record) : toItem(record));
    return Promise.resolve();
  });

  door("/v1/items/:id/revisions", async (shown, _request, response) => {
    const revisions = await readRevisions(edition, shown);
    setCaching(response, shown.audience);
    response.json({ revisions });
  });

  door("/v1/items/:id/diff", async (shown, request, response) => {
    const { from, to } = parseAtDoor(diffQuery, request.query);
    const revisions = await readRevisions(edition, shown);
    const [earlier, later] = [from, to].map((wanted) =>
      revisions.find(({ revision }) => revision === wanted),
    );
    if (earlier === undefined || later === undefined) throw new NewsLineError("unknown_revision");
    const diff: RevisionDiff = {
      id: shown.record.id,
      from,
      to,
      headline: diffWords(earlier.headline, later.headline),
      bodyText: diffWords(earlier.bodyText, later.bodyText),
    };
    setCaching(response, shown.audience);
    response.json(diff);
  });

  return router;
}

async function readRecord(edition: Edition, id: string): Promise<ItemRecord | undefined> {
  if (!itemId.safeParse(id).success) return undefined;
  return (await readItem(edition, id))?.record;
}

/**
 * Throws the same `unknown_item` for everything that is not for readers, so that a held or embargoed item cannot be
 * told from one that never was; gives the error of an item that was withdrawn after readers had seen it (KIL4).
 */
function checkShown(record: ItemRecord | undefined, audience: Audience): NewsLineError | undefined {
  if (record === undefined) throw new NewsLineError("unknown_item");
  const absence = toAbsence(record, Date.now());
  if (absence === "killed") {
    if (audience === "public" && record.publishedAt === undefined) throw new NewsLineError("unknown_item");
    return new NewsLineError("killed");
  }
  const isThere = audience === "desk" ? record.content !== null : record.publicLines.length > 0;
  if (!isThere || (audience === "public" && absence !== undefined)) throw new NewsLineError("unknown_item");
  return undefined;
}

async function readRevisions(edition: Edition, { record, audience }: Shown): Promise<RevisionEntry[]> {
  const entries = await readHistory(edition, record);
  if (audience === "public") return toPublicHistory(entries, record);
  return entries.map(({ public: _public, ...shown }) => shown);
}
