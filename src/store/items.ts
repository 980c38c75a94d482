import type { Edition } from "./keys.ts";
import type { ItemRecord } from "./record.ts";

/** An item as read: `write` goes back into the change that is made of it (compare and set). */
export interface StoredItem {
  record: ItemRecord;
  write: number;
}

/** The store wrote these records itself and refuses to start on another schema number: they are taken as they are. */
function parseRecord(json: string): ItemRecord {
  return JSON.parse(json);
}

/** Items by id, in the order asked; undefined where there is none. */
export async function readItems(
  edition: Edition,
  ids: readonly string[],
): Promise<(StoredItem | undefined)[]> {
  const pipeline = edition.redis.pipeline();
  for (const id of ids) pipeline.hmget(edition.keys.item(id), "j", "n");
  const answers = (await pipeline.exec()) ?? [];
  return answers.map(([error, fields]) => {
    if (error) throw error;
    if (!Array.isArray(fields) || typeof fields[0] !== "string") return undefined;
    return { record: parseRecord(fields[0]), write: Number(fields[1]) };
  });
}

export async function readItem(edition: Edition, id: string): Promise<StoredItem | undefined> {
  const [stored] = await readItems(edition, [id]);
  return stored;
}
