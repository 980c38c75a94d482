import fc from "fast-check";
import { expect, test } from "vitest";
import { toShown } from "../../client/ticker/held-back.ts";
import type { LineItem } from "../../src/contract/item.ts";
import { toItem } from "../support/line-model.ts";

const at = (n: number) => `2026-03-04T10:${String(n).padStart(2, "0")}:00.000Z`;
const item = (n: number, more: Partial<LineItem> = {}) =>
  toItem({ id: `item-000${n}`, orderedAt: at(n), ...more });
const ids = (items: readonly LineItem[]) => items.map(({ id }) => id);

test("WID without a reader everything is shown", () => {
  expect(toShown([item(1)], [item(2), item(1)], false).items).toHaveLength(2);
});

test("WID new items wait for a reader, those of a backfill without being counted", () => {
  const shown = toShown(
    [item(3), item(1)],
    [item(5), item(4, { backfill: true }), item(3), item(2), item(1)],
    true,
  );
  expect(ids(shown.items)).toEqual(["item-0003", "item-0001"]);
  expect(shown.waitingNew).toBe(2);
});

test("WID an update that moves its item waits in its old words, one in place does not", () => {
  const moved = item(2, { orderedAt: at(9), revision: 2, change: "update", headline: "Moved" });
  const inPlace = item(1, { revision: 2, change: "update", headline: "In place" });
  const shown = toShown([item(2), item(1)], [moved, inPlace], true);
  expect(shown.items.map(({ headline }) => headline)).toEqual(["Headline of item-0002", "In place"]);
  expect(shown.waitingMoved).toBe(1);
});

test("KIL3 what has left the line is never kept for a reader", () => {
  expect(ids(toShown([item(3), item(2), item(1)], [item(3), item(1)], true).items)).toEqual([
    "item-0003",
    "item-0001",
  ]);
});

test("WID the page below comes at once: it moves nothing", () => {
  const shown = toShown([item(5), item(4)], [item(5), item(4), item(2), item(1)], true);
  expect(ids(shown.items)).toEqual(["item-0005", "item-0004", "item-0002", "item-0001"]);
  expect(shown.waitingNew).toBe(0);
});

const lineOf = fc
  .uniqueArray(fc.nat(9), { maxLength: 10 })
  .chain((numbers) => fc.tuple(...numbers.map((n) => fc.record({ n: fc.constant(n), at: fc.nat(30) }))))
  .map((list) => list.map((one) => item(one.n, { orderedAt: at(one.at) })))
  .map((items) => items.sort((a, b) => (`${a.orderedAt}${a.id}` > `${b.orderedAt}${b.id}` ? -1 : 1)));

test("WID whatever comes, a reader's rows keep their order, nothing is shown twice or after it has gone", () => {
  fc.assert(
    fc.property(lineOf, lineOf, (before, current) => {
      const shown = toShown(before, current, true).items;
      const now = new Set(ids(current));
      expect(new Set(ids(shown)).size).toBe(shown.length);
      expect(shown.every(({ id }) => now.has(id))).toBe(true);
      const kept = ids(before).filter((id) => now.has(id));
      expect(ids(shown).filter((id) => kept.includes(id))).toEqual(before.length === 0 ? [] : kept);
    }),
  );
});
