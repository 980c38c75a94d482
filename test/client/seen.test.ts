import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LineFeed } from "../../client/feed/line-feed.ts";
import { LineModel, toItem } from "../support/line-model.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

interface Told {
  position: string;
  atMs: number;
}

/** A screen that shows a line of one item, and what it tells of itself. */
function openScreen(): { feed: LineFeed; model: LineModel; told: Told[] } {
  const model = new LineModel("demo");
  model.put(toItem({ id: "item-0001", orderedAt: "2026-03-04T10:01:00.000Z" }));
  const told: Told[] = [];
  const feed = new LineFeed("demo", 50, {
    resubscribe: () => undefined,
    fetchPage: () => Promise.reject(new Error("no page is asked for")),
    sendSeen: (_line, position) => told.push({ position, atMs: Date.now() }),
  });
  feed.dispatch({ type: "opened", resumes: false });
  feed.dispatch({ type: "snapshot", answer: { kind: "snapshot", line: "demo", ...model.snapshot(50) } });
  feed.markShown();
  return { feed, model, told };
}

function tick({ feed, model }: ReturnType<typeof openScreen>): void {
  const { epoch, offset } = model;
  const at = new Date().toISOString();
  feed.dispatch({ type: "tick", tick: { line: "demo", epoch, offset, at, live: true } });
}

test("SEEN2 a screen tells nothing before a tick or a remove", () => {
  const { feed, model, told } = openScreen();
  feed.dispatch({
    type: "delta",
    delta: model.put(toItem({ id: "item-0002", orderedAt: "2026-03-04T10:02:00.000Z" })),
  });
  feed.markShown();
  vi.advanceTimersByTime(60_000);
  expect(told).toEqual([]);
});

test("SEEN2 a remove is told at most 400 ms after it was painted, also one of an item that was not here", () => {
  const { feed, model, told } = openScreen();
  for (const id of ["item-0001", "item-0999"]) {
    feed.dispatch({ type: "delta", delta: model.remove(id, 2, "killed") });
    vi.advanceTimersByTime(1_000);
    expect(told).toHaveLength(0);
    feed.markShown();
    vi.advanceTimersByTime(400);
    expect(told.splice(0)).toMatchObject([{ position: model.position }]);
  }
});

test("SEEN2 a tick is told once, and thousands of screens do not tell it in the same moment", () => {
  const screens = Array.from({ length: 200 }, openScreen);
  const startMs = Date.now();
  for (const screen of screens) {
    tick(screen);
    screen.feed.markShown();
  }
  vi.advanceTimersByTime(5_000);
  const atMs = screens.map(({ told }) => told.map((one) => one.atMs - startMs));
  expect(atMs.every((one) => one.length === 1)).toBe(true);
  const [early, late] = [atMs.flat().filter((ms) => ms < 2_500), atMs.flat().filter((ms) => ms >= 2_500)];
  expect(Math.min(early.length, late.length)).toBeGreaterThan(50);
});

test("SEEN2 what is told is what is shown by then, not what has only arrived", () => {
  const screen = openScreen();
  const { feed, model, told } = screen;
  tick(screen);
  feed.markShown();
  const shown = model.position;
  feed.dispatch({
    type: "delta",
    delta: model.put(toItem({ id: "item-0003", orderedAt: "2026-03-04T10:03:00.000Z" })),
  });
  vi.advanceTimersByTime(5_000);
  expect(told).toMatchObject([{ position: shown }]);
});

test("SEEN2 a remove does not wait behind a tick, and a closed screen tells nothing", () => {
  const screen = openScreen();
  const { feed, model, told } = screen;
  tick(screen);
  feed.markShown();
  feed.dispatch({ type: "delta", delta: model.remove("item-0001", 2, "killed") });
  feed.markShown();
  vi.advanceTimersByTime(400);
  expect(told).toMatchObject([{ position: model.position }]);
  tick(screen);
  feed.markShown();
  feed.close();
  vi.advanceTimersByTime(5_000);
  expect(told).toHaveLength(1);
});
