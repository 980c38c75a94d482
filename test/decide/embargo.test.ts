import { describe, expect, it } from "vitest";
import { decideCommand } from "../../workers/command.ts";
import { toTimely } from "../../workers/release.ts";
import { at, NOW, Story, toDraft } from "../support/decide.ts";

const HOUR = 3_600_000;

describe("embargo and expiry", () => {
  it("EMB1 NINJS10 an embargo holds for every revision; a version without the field does not lift it", () => {
    const story = new Story();
    story.tell(toDraft({ sourceVersion: "1", time: at("10:00"), embargoedUntil: at("14:00") }));
    expect(story.state).toMatchObject({ pubStatus: "usable", publicLines: [], embargoedUntil: at("14:00") });
    story.tell(toDraft({ sourceVersion: "2", time: at("10:30"), bodyText: "More." }));
    expect(story.state).toMatchObject({
      publicLines: [],
      embargoedUntil: at("14:00"),
      content: { bodyText: "More." },
    });
    story.tell(
      toDraft({ sourceVersion: "3", time: at("10:40"), bodyText: "Most.", embargoedUntil: at("11:00") }),
    );
    expect(story.state).toMatchObject({ publicLines: ["main"], embargoedUntil: at("11:00") });
  });

  it("EMB2 an embargo that cannot be read makes the item withheld until an editor releases it", () => {
    for (const embargoOpen of ["field", "words"] as const) {
      const story = new Story();
      story.tell(toDraft({ embargoOpen }));
      expect(story.state).toMatchObject({ pubStatus: "withheld", holdCause: "embargo", publicLines: [] });
      const release = {
        command: "release" as const,
        commandId: "c",
        by: "Ada",
        deadline: 0,
        id: "item-0001",
      };
      const released = decideCommand(story.state, release, { nowMs: NOW, newestMs: undefined });
      expect(released).toMatchObject({ kind: "put", next: { pubStatus: "usable", publicLines: ["main"] } });
    }
  });

  it("EMB2 a readable field outranks words", () => {
    const story = new Story();
    story.tell(toDraft({ sourceVersion: "1", embargoedUntil: at("14:00") }));
    story.tell(toDraft({ sourceVersion: "2", bodyText: "More.", embargoOpen: "words" }));
    expect(story.state).toMatchObject({ pubStatus: "usable", embargoedUntil: at("14:00"), publicLines: [] });
  });

  it("EMB3 a future embargo on an item that is public removes it", () => {
    const story = new Story();
    story.tell(toDraft({ sourceVersion: "1", time: at("10:00") }));
    expect(story.state.publicLines).toEqual(["main"]);
    story.tell(toDraft({ sourceVersion: "2", time: at("10:30"), embargoedUntil: at("14:00") }));
    expect(story.state).toMatchObject({ publicLines: [], revision: 2 });
  });

  it("EMB3 equal to the instant means released", () => {
    const story = new Story();
    story.tell(toDraft({ time: at("10:00"), embargoedUntil: at("12:00") }));
    expect(story.state.publicLines).toEqual(["main"]);
  });

  it("ORD4 the end of an embargo orders the item if it is later than its own time, and it is not late", () => {
    const story = new Story();
    story.tell(toDraft({ time: at("10:00"), embargoedUntil: at("14:00") }));
    const until = Date.parse(at("14:00"));
    expect(toTimely(story.state, until - 1)).toBeUndefined();
    const released = toTimely(story.state, until);
    expect(released).toMatchObject({
      orderedAt: at("14:00"),
      publicLines: ["main"],
      publishedAt: at("14:00"),
      revision: 2,
    });
    expect(released).not.toHaveProperty("late");
    expect(released).toMatchObject({ embargoedUntil: at("14:00") });
  });

  it("EXP1 an item is removed at its expiry, and one that arrives expired is stored but never public", () => {
    const story = new Story();
    story.tell(toDraft({ time: at("10:00"), expires: at("13:00") }));
    expect(toTimely(story.state, NOW + HOUR)).toMatchObject({ publicLines: [], revision: 2 });
    const dead = new Story();
    dead.tell(toDraft({ time: at("10:00"), expires: at("11:00") }));
    expect(dead.state).toMatchObject({ publicLines: [], revision: 1 });
    expect(dead.state).not.toHaveProperty("publishedAt");
  });

  it("URG1 only an editor or a source trusted with it may raise a flash, for 30 minutes from its place", () => {
    const trusted = new Story();
    trusted.tell(toDraft({ time: at("11:50"), urgency: 1 }), { profile: { trust: "flash" } });
    expect(trusted.state.breakingUntil).toBe(at("12:20"));
    const other = new Story();
    other.tell(toDraft({ time: at("11:50"), urgency: 1 }));
    expect(other.state).not.toHaveProperty("breakingUntil");
    const old = new Story();
    old.tell(toDraft({ time: at("11:20"), urgency: 1 }), { profile: { trust: "flash" } });
    expect(old.state).not.toHaveProperty("breakingUntil");
    trusted.tell(toDraft({ time: at("11:55"), urgency: 4, bodyText: "Calmer." }), {
      profile: { trust: "flash" },
    });
    expect(trusted.state).not.toHaveProperty("breakingUntil");
  });

  it("a source with trust: hold shows nothing until an editor releases it, then flows", () => {
    const story = new Story();
    const told = { profile: { trust: "hold" as const } };
    story.tell(toDraft({ sourceVersion: "1" }), told);
    expect(story.state).toMatchObject({ pubStatus: "withheld", holdCause: "trust" });
    const release = { command: "release" as const, commandId: "c", by: "Ada", deadline: 0, id: "item-0001" };
    const released = decideCommand(story.state, release, { nowMs: NOW, newestMs: undefined });
    if (released.kind !== "put") throw new Error("not released");
    story.record = released.next;
    story.tell(toDraft({ sourceVersion: "2", bodyText: "More." }), told);
    expect(story.state).toMatchObject({ pubStatus: "usable", publicLines: ["main"] });
  });
});
