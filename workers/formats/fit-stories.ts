import type { Note } from "../../src/contract/draft.ts";
import { NewsLineError } from "../../src/contract/errors.ts";
import { isTooLong, type RawStory, readStatus } from "./compose.ts";

/** Versions are compared as whole numbers of any length, but not of every length. */
const LONGEST_VERSION = 200;

/** The stories of a document that are not too long; one that is does not cost its neighbours, and is told in `left`. */
export function fitStories(stories: readonly RawStory[], left: Note[]): RawStory[] {
  return stories.flatMap((story) => fit(story, { isAlone: stories.length === 1, left }));
}

/** A withdrawal does not need its text. */
function fit(story: RawStory, { isAlone, left }: { isAlone: boolean; left: Note[] }): RawStory[] {
  if ((story.sourceVersion ?? "").length > LONGEST_VERSION)
    return fit({ ...story, sourceVersion: undefined }, { isAlone, left });
  if (!isTooLong(story.body)) return [story];
  if (readStatus(story.status).pubStatus === "canceled") return [{ ...story, body: undefined }];
  const message = "A story is larger than 256 KB.";
  if (isAlone) throw new NewsLineError("too_large", { message });
  left.push({ field: "item", rule: `left out: ${message} (${story.guid ?? "no id"})` });
  return [];
}
