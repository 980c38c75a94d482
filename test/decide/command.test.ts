import { describe, expect, it } from "vitest";
import { itemChange, newItem } from "../../src/contract/rest.ts";
import type { ItemRecord } from "../../src/store/record.ts";
import { decideCommand, toPublished } from "../../workers/command.ts";
import { at, NOW } from "../support/decide.ts";

const around = { nowMs: NOW, newestMs: undefined };
const base = { id: "item-0001", commandId: "c-1", by: "Ada", deadline: 0 };

function publish(fields: object = {}): ItemRecord {
  return toPublished("item-0001", newItem.parse({ headline: "Harbour reopens", ...fields }), "Ada", around);
}

function change(record: ItemRecord, fields: object): ItemRecord {
  const command = {
    ...base,
    command: "change" as const,
    revision: record.revision,
    fields: itemChange.parse(fields),
  };
  const decision = decideCommand(record, command, around);
  if (decision.kind !== "put") throw new Error(`the change gave ${decision.kind}`);
  return decision.next;
}

describe("an editor's commands", () => {
  it("ORD2 an item without a time of its own is ordered by when it came", () => {
    expect(publish()).toMatchObject({
      orderedAt: at("12:00"),
      timeBasis: "received",
      by: "Ada",
      change: "new",
    });
    expect(publish({ versionCreated: "2026-03-04T13:30:00+04:00" })).toMatchObject({
      orderedAt: at("09:30"),
      timeBasis: "source",
      versionCreated: at("09:30"),
    });
  });

  it("ORD3 an editor's time that lies ahead never orders the item", () => {
    expect(publish({ versionCreated: at("18:00") })).toMatchObject({
      orderedAt: at("12:00"),
      timeBasis: "future",
    });
  });

  it("ORD2 an update moves the item only with a newer time of its own and another text", () => {
    const record = publish({ versionCreated: at("09:00") });
    expect(change(record, { headline: "Changed" }).orderedAt).toBe(at("09:00"));
    expect(change(record, { headline: "Changed", versionCreated: at("10:00") }).orderedAt).toBe(at("10:00"));
    expect(change(record, { headline: "Changed", versionCreated: at("08:00") }).orderedAt).toBe(at("09:00"));
    expect(change(record, { urgency: 3, versionCreated: at("10:00") }).orderedAt).toBe(at("09:00"));
    const correction = {
      change: "correction",
      correctionNote: "it was nine",
      headline: "Right",
      versionCreated: at("10:00"),
    };
    expect(change(record, correction)).toMatchObject({ orderedAt: at("09:00"), change: "correction" });
  });

  it("COR1 a correction needs a note, and the note goes with the next text", () => {
    expect(itemChange.safeParse({ change: "correction", headline: "Right" }).success).toBe(false);
    const corrected = change(publish(), {
      change: "correction",
      correctionNote: "the name was wrong",
      headline: "Right",
    });
    expect(corrected.content?.correctionNote).toBe("the name was wrong");
    expect(change(corrected, { headline: "More" }).content).not.toHaveProperty("correctionNote");
  });

  it("COR1 hideEarlier hides every revision before the correction", () => {
    const fields = { change: "correction", correctionNote: "wrong", headline: "Right", hideEarlier: true };
    expect(change(publish(), fields)).toMatchObject({ revision: 2, hideBefore: 2 });
  });

  it("a note for the desk or a move is a revision, but no update that readers are told of", () => {
    const corrected = change(publish(), { change: "correction", correctionNote: "wrong", headline: "Right" });
    const noted = change(corrected, { edNote: "call the port" });
    expect(noted).toMatchObject({ revision: 3, change: "correction", content: { correctionNote: "wrong" } });
    expect(change(noted, { lines: ["politics"] })).toMatchObject({
      change: "correction",
      lines: ["politics"],
    });
  });

  it("null clears a field, and a text that replaces another takes its markup along", () => {
    const record = publish({ lead: "A lead", body: "A body", link: "https://selin.example/1" });
    const marked = {
      ...record,
      content: { headline: "x", urgency: 5, ...record.content, bodyHtml: "<p>A body</p>" },
    };
    const changed = change(marked, { lead: null, body: "Another body" });
    expect(changed.content).not.toHaveProperty("lead");
    expect(changed.content).not.toHaveProperty("bodyHtml");
    expect(changed.content).toMatchObject({ bodyText: "Another body", link: "https://selin.example/1" });
  });

  it("a change of another revision than the current one is refused with the current one", () => {
    const record = publish();
    const command = {
      ...base,
      command: "change" as const,
      revision: 7,
      fields: itemChange.parse({ headline: "x" }),
    };
    expect(decideCommand(record, command, around)).toEqual({
      kind: "refused",
      code: "stale_revision",
      current: 1,
    });
  });

  it("KIL1 nothing but a kill is done to a killed item", () => {
    const killed = decideCommand(publish(), { ...base, command: "kill", reason: "wrong" }, around);
    if (killed.kind !== "put") throw new Error("not killed");
    for (const command of ["hold", "release", "pin"] as const) {
      expect(decideCommand(killed.next, { ...base, command }, around)).toEqual({
        kind: "refused",
        code: "killed",
      });
    }
  });

  it("pinning changes neither place nor text", () => {
    const pinned = decideCommand(publish(), { ...base, command: "pin" }, around);
    if (pinned.kind !== "put") throw new Error("not pinned");
    expect(pinned.next).toMatchObject({ pinned: true, revision: 2, orderedAt: at("12:00"), change: "new" });
    expect(decideCommand(pinned.next, { ...base, command: "pin" }, around)).toEqual({ kind: "unchanged" });
  });
});
