import { describe, expect, it } from "vitest";
import { at, NOW, Story, toDraft } from "../support/decide.ts";

describe("where an item stands", () => {
  it("ORD2 a new item is ordered by its source's time", () => {
    const story = new Story();
    story.tell(toDraft({ time: at("10:34") }));
    expect(story.state).toMatchObject({
      orderedAt: at("10:34"),
      timeBasis: "source",
      revision: 1,
      change: "new",
    });
  });

  it("ORD2 an update that changed the text moves the item to its own time", () => {
    const story = new Story();
    story.tell(toDraft({ time: at("10:00") }));
    story.tell(toDraft({ time: at("11:00"), bodyText: "Ferries run again." }));
    expect(story.state).toMatchObject({ orderedAt: at("11:00"), revision: 2, change: "update" });
  });

  it("ORD2 a correction does not move an item", () => {
    const story = new Story();
    story.tell(toDraft({ time: at("10:00") }));
    story.tell(toDraft({ time: at("11:00"), bodyText: "Two ferries run.", change: "correction" }));
    expect(story.state).toMatchObject({ orderedAt: at("10:00"), revision: 2, change: "correction" });
  });

  it("ORD2 a newer time over the same text is a duplicate", () => {
    const story = new Story();
    story.tell(toDraft({ time: at("10:00") }));
    story.tell(toDraft({ time: at("11:00") }));
    expect(story.outcomes).toEqual(["applied", "duplicate"]);
    expect(story.state).toMatchObject({ orderedAt: at("10:00"), revision: 1 });
  });

  it("ORD2 an undated update keeps its place", () => {
    const story = new Story();
    story.tell(toDraft({ time: at("10:00") }));
    story.tell(toDraft({ bodyText: "Ferries run, says the port." }));
    expect(story.state).toMatchObject({
      orderedAt: at("10:00"),
      timeBasis: "source",
      revisionBasis: "received",
      revision: 2,
    });
    expect(story.state).not.toHaveProperty("versionCreated");
  });

  it("ORD2 a profile with moves: false keeps updates in place", () => {
    const story = new Story();
    story.tell(toDraft({ time: at("10:00") }), { profile: { moves: false } });
    story.tell(toDraft({ time: at("11:00"), bodyText: "Changed." }), { profile: { moves: false } });
    expect(story.state).toMatchObject({ orderedAt: at("10:00"), revision: 2 });
  });

  it("ORD2 an item without any source time is ordered by when it came, also after updates", () => {
    const story = new Story();
    story.tell(toDraft());
    story.tell(toDraft({ bodyText: "Changed." }), { nowMs: NOW + 3_600_000 });
    expect(story.state).toMatchObject({ orderedAt: at("12:00"), timeBasis: "received", revision: 2 });
  });

  it("ORD2 a stale arrival is not shown and gets no revision", () => {
    const story = new Story();
    story.tell(toDraft({ time: at("11:00"), bodyText: "Second." }));
    story.tell(toDraft({ time: at("10:00"), bodyText: "First." }));
    expect(story.outcomes).toEqual(["applied", "stale"]);
    expect(story.state).toMatchObject({
      revision: 1,
      orderedAt: at("11:00"),
      content: { bodyText: "Second." },
    });
  });

  it("ORD2 a stale arrival that moves the item puts the shown text again", () => {
    const story = new Story();
    // The correction came first: it takes the place of the version it corrects, once that is known.
    story.tell(toDraft({ sourceVersion: "2", time: at("11:00"), bodyText: "Right.", change: "correction" }));
    expect(story.state.orderedAt).toBe(at("11:00"));
    story.tell(toDraft({ sourceVersion: "1", time: at("10:00"), bodyText: "Wrong." }));
    expect(story.outcomes).toEqual(["applied", "stale"]);
    expect(story.state).toMatchObject({
      revision: 2,
      orderedAt: at("10:00"),
      content: { bodyText: "Right." },
    });
  });

  it("ORD3 a time more than 10 minutes ahead stays in its field and never orders the item", () => {
    const story = new Story();
    story.tell(toDraft({ time: at("13:00") }));
    expect(story.state).toMatchObject({
      versionCreated: at("13:00"),
      orderedAt: at("12:00"),
      timeBasis: "future",
    });
    story.tell(toDraft({ time: at("13:00"), bodyText: "Sent again with a change." }), {
      nowMs: NOW + 7_200_000,
    });
    expect(story.state).toMatchObject({ revision: 2, orderedAt: at("12:00"), timeBasis: "future" });
  });

  it("ORD3 a time up to 10 minutes ahead is believed", () => {
    const story = new Story();
    story.tell(toDraft({ time: at("12:10") }));
    expect(story.state).toMatchObject({ orderedAt: at("12:10"), timeBasis: "source" });
  });

  it("ORD3 a time before 1990 never orders an item", () => {
    const story = new Story();
    story.tell(toDraft({ time: "1970-01-01T00:00:00.000Z" }));
    expect(story.state).toMatchObject({
      orderedAt: at("12:00"),
      timeBasis: "received",
      versionCreated: "1970-01-01T00:00:00.000Z",
    });
  });

  it("ORD3 a date without a clock orders an item by midnight in its zone, unless that day is today", () => {
    const profile = { zone: "Asia/Baku" };
    const past = new Story();
    past.tell(toDraft({ time: "2026-03-02T20:00:00.000Z", dateOnly: true }), { profile });
    expect(past.state).toMatchObject({ orderedAt: "2026-03-02T20:00:00.000Z", timeBasis: "source" });
    const today = new Story();
    today.tell(toDraft({ time: "2026-03-03T20:00:00.000Z", dateOnly: true }), { profile });
    expect(today.state).toMatchObject({ orderedAt: at("12:00"), timeBasis: "received" });
  });

  it("TIM2 an item is late when it is 10 minutes old at its first put and a newer one stands already", () => {
    const late = new Story();
    late.tell(toDraft({ time: at("11:00") }), { newestMs: Date.parse(at("11:30")) });
    expect(late.state.late).toBe(true);
    const alone = new Story();
    alone.tell(toDraft({ time: at("11:00") }), { newestMs: Date.parse(at("10:30")) });
    expect(alone.state).not.toHaveProperty("late");
    const soon = new Story();
    soon.tell(toDraft({ time: at("11:55") }), { newestMs: Date.parse(at("11:58")) });
    expect(soon.state).not.toHaveProperty("late");
  });

  it("TIM2 a first delivery is a backfill: never late, never breaking, marked as not new", () => {
    const story = new Story();
    const told = { backfill: true, newestMs: NOW, profile: { trust: "flash" as const } };
    story.tell(toDraft({ time: at("11:00"), urgency: 1 }), told);
    expect(story.state).toMatchObject({ backfill: true });
    expect(story.state).not.toHaveProperty("late");
    expect(story.state).not.toHaveProperty("breakingUntil");
  });
});
