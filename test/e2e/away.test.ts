import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Reader, readByEvents, readByPoll, readBySocket } from "../support/readers.ts";
import { type RunningProduct, runProduct } from "../support/running-product.ts";

const CHANGES = 100;
const DOORS = [readBySocket, readByEvents, readByPoll];

let product: RunningProduct;
beforeAll(async () => {
  product = await runProduct();
});
afterAll(() => product.stop());

async function publish(line: string, headline: string): Promise<string> {
  // While Redis or the gateway is away a write is refused, never swallowed (P6): the editor's tool tries again.
  for (;;) {
    try {
      const response = await product.call("POST", "/v1/items", { headline, lines: [line] });
      if (response.status === 201) return (await response.json()).item.id;
    } catch {
      // The gateway is being started again.
    }
    await sleep(50);
  }
}

/** So many changes: new items, and a kill or an update of every third. */
async function change(line: string, known: string[]): Promise<string[]> {
  const killed: string[] = [];
  for (let i = 0; i < CHANGES; i += 1) {
    const id = known[i % known.length];
    if (i % 3 === 1 && id !== undefined && !killed.includes(id)) {
      await product.call("POST", `/v1/items/${id}/kill`, { reason: "not so" });
      killed.push(id);
    } else if (i % 3 === 2 && id !== undefined && !killed.includes(id)) {
      const { revision } = await (await product.call("GET", `/v1/items/${id}`)).json();
      const body = { headline: `Changed ${i}` };
      await fetch(`${product.url}/v1/items/${id}`, {
        method: "PUT",
        headers: {
          Authorization: `Bearer ${product.token}`,
          "Content-Type": "application/json",
          "If-Match": `"${revision}"`,
        },
        body: JSON.stringify(body),
      });
    } else {
      known.push(await publish(line, `Item ${i} of ${line}`));
    }
  }
  return killed;
}

async function expectWhole(readers: Reader[], line: string): Promise<void> {
  for (const { door, held } of readers) {
    await expect
      .poll(
        async () => {
          const response = await fetch(`${product.url}/v1/lines/${line}/state`).catch(() => undefined);
          const state = response?.ok ? await response.json() : undefined;
          return { door, same: state?.sha256 === held.sha256 };
        },
        { timeout: 30_000, interval: 100 },
      )
      .toEqual({ door, same: true });
    expect(held.faults).toEqual([]);
  }
}

async function openReaders(line: string): Promise<{ readers: Reader[]; known: string[] }> {
  const known: string[] = [];
  for (let i = 0; i < 20; i += 1) known.push(await publish(line, `Before ${i}`));
  return { readers: await Promise.all(DOORS.map((read) => read(product.url, line))), known };
}

describe("a reader that was away ends with exactly the server's line", () => {
  it("CAT1 CAT3 P4 cut off while 100 changes happen, kills among them, at every door", async () => {
    const { readers, known } = await openReaders("away");
    for (const reader of readers) reader.cut();
    const killed = await change("away", known);
    for (const reader of readers) await reader.comeBack();
    await expectWhole(readers, "away");
    for (const { held } of readers) expect(held.ids.filter((id) => killed.includes(id))).toEqual([]);
    for (const reader of readers) reader.close();
  });

  it("P4 the gateway killed by signal 9 and started again in the middle of changes", async () => {
    const { readers, known } = await openReaders("gateway-dies");
    const changes = (async () => {
      for (let i = 0; i < 30; i += 1) known.push(await publish("gateway-dies", `During ${i}`));
    })();
    await sleep(300);
    product.kill9("gateway");
    await changes;
    await expectWhole(readers, "gateway-dies");
    for (const reader of readers) reader.close();
  });

  it("P4 P6 Redis killed by signal 9 and started again in the middle of changes", async () => {
    const { readers, known } = await openReaders("redis-dies");
    const changes = (async () => {
      for (let i = 0; i < 30; i += 1) known.push(await publish("redis-dies", `During ${i}`));
    })();
    await sleep(300);
    product.kill9("redis");
    await changes;
    await expectWhole(readers, "redis-dies");
    // What was answered with 201 is there (P1).
    const state = await (await fetch(`${product.url}/v1/lines/redis-dies/state`)).json();
    expect(state.count).toBeGreaterThanOrEqual(known.length);
    for (const reader of readers) reader.close();
  });
});
