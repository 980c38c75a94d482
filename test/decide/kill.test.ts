import { describe, expect, it } from "vitest";
import type { ItemChange } from "../../src/contract/rest.ts";
import type { ItemRecord } from "../../src/store/record.ts";
import { decideCommand } from "../../workers/command.ts";
import { at, NOW, Story, toDraft } from "../support/decide.ts";

const CANCELED = { pubStatus: "canceled", pubStatusWritten: true } as const;
const USABLE = { pubStatus: "usable", pubStatusWritten: true } as const;

const base = { commandId: "c-1", by: "Ada", deadline: NOW + 5_000, id: "item-0001" };

/** What an editor wants, without the fields that every command has. */
type Wish =
  | { command: "kill"; reason: string }
  | { command: "hold" | "release" }
  | { command: "change"; revision: number; fields: ItemChange };

function command(record: ItemRecord, wish: Wish): ItemRecord {
  const decision = decideCommand(record, { ...base, ...wish }, { nowMs: NOW, newestMs: undefined });
  if (decision.kind !== "put") throw new Error(`the command gave ${decision.kind}`);
  return decision.next;
}

describe("kill", () => {
  it("KIL1 an item killed by an editor never comes back, whatever its source sends", () => {
    const story = new Story();
    story.tell(toDraft({ sourceVersion: "1", time: at("10:00") }));
    story.record = command(story.state, { command: "kill", reason: "wrong" });
    story.tell(toDraft({ sourceVersion: "9", time: at("11:00"), bodyText: "New.", ...USABLE }));
    expect(story.outcomes).toEqual(["applied", "killed"]);
    expect(story.state).toMatchObject({ pubStatus: "canceled", content: null, revision: 2, publicLines: [] });
  });

  it("KIL1 an item killed by its source comes back only withheld, by a higher version with a written usable", () => {
    const story = new Story();
    story.tell(toDraft({ sourceVersion: "1" }));
    story.tell(toDraft({ sourceVersion: "2", ...CANCELED }));
    expect(story.state).toMatchObject({ pubStatus: "canceled", content: null, publicLines: [] });
    story.tell(toDraft({ sourceVersion: "3", bodyText: "By default." }));
    expect(story.state.pubStatus).toBe("canceled");
    story.tell(toDraft({ sourceVersion: "1", bodyText: "Old.", ...USABLE }));
    expect(story.state.pubStatus).toBe("canceled");
    story.tell(toDraft({ sourceVersion: "4", bodyText: "In writing.", ...USABLE }));
    expect(story.state).toMatchObject({ pubStatus: "withheld", holdCause: "returned", publicLines: [] });
    const released = command(story.state, { command: "release" });
    expect(released).toMatchObject({
      pubStatus: "usable",
      publicLines: ["main"],
      content: { bodyText: "In writing." },
    });
  });

  it("KIL2 a kill that arrives before its story: the story never shows", () => {
    const story = new Story();
    story.tell({ noticeOnly: true, guid: "story-1", notes: [], ...CANCELED, versionCreated: at("11:00") });
    story.tell(toDraft({ sourceVersion: "7", time: at("10:59"), ...USABLE }));
    expect(story.state).toMatchObject({ pubStatus: "canceled", content: null, publicLines: [] });
  });

  it("KIL1 what repeats a killed item's text under a new id is withheld until an editor releases it", () => {
    const story = new Story();
    story.tell(toDraft({ sourceVersion: "1" }), { suspect: "twin" });
    expect(story.state).toMatchObject({ pubStatus: "withheld", holdCause: "twin", publicLines: [] });
    story.tell(toDraft({ sourceVersion: "2", bodyText: "More." }));
    expect(story.state).toMatchObject({ pubStatus: "withheld", publicLines: [] });
    story.record = command(story.state, { command: "release" });
    story.tell(toDraft({ sourceVersion: "3", bodyText: "Even more." }));
    expect(story.state).toMatchObject({ pubStatus: "usable", publicLines: ["main"] });
  });

  it("HLD1 OWN1 no source releases a desk hold, and its versions wait as proposals", () => {
    const story = new Story();
    story.tell(toDraft({ sourceVersion: "1", time: at("10:00") }));
    story.record = command(story.state, { command: "hold" });
    expect(story.state).toMatchObject({ pubStatus: "withheld", publicLines: [], deskOwned: true });
    story.tell(toDraft({ sourceVersion: "2", time: at("11:00"), bodyText: "New text.", ...USABLE }));
    expect(story.outcomes.at(-1)).toBe("held");
    expect(story.state).toMatchObject({
      pubStatus: "withheld",
      revision: 2,
      proposal: { content: { bodyText: "New text." } },
    });
    story.record = command(story.state, { command: "release" });
    expect(story.state).toMatchObject({
      pubStatus: "usable",
      orderedAt: at("10:00"),
      content: { bodyText: "Ferries run." },
    });
  });

  it("OWN1 a source's kill of an item that belongs to the desk takes effect at once", () => {
    const story = new Story();
    story.tell(toDraft({ sourceVersion: "1" }));
    const fields = { change: "update" as const, headline: "Ours" };
    story.record = command(story.state, { command: "change", revision: 1, fields });
    story.tell(toDraft({ sourceVersion: "2", ...CANCELED }));
    expect(story.state).toMatchObject({
      pubStatus: "canceled",
      content: null,
      killedBy: "source",
      revision: 3,
    });
  });

  it("REV5 a re-send of what the desk has since edited changes nothing", () => {
    const story = new Story();
    story.tell(toDraft({ sourceVersion: "1" }));
    const fields = { change: "update" as const, headline: "Ours" };
    story.record = command(story.state, { command: "change", revision: 1, fields });
    const decision = story.tell(toDraft({ sourceVersion: "1" }));
    expect(decision).toMatchObject({ kind: "ignore", outcome: "duplicate" });
  });

  it("a kill that is repeated changes nothing", () => {
    const story = new Story();
    story.tell(toDraft({}));
    story.record = command(story.state, { command: "kill", reason: "wrong" });
    const again = { ...base, command: "kill" as const, reason: "wrong" };
    expect(decideCommand(story.state, again, { nowMs: NOW, newestMs: undefined })).toEqual({
      kind: "unchanged",
    });
  });
});
