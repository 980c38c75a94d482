import { afterAll, beforeAll, expect, it } from "vitest";
import { listQuarantine, readQuarantineBytes } from "../../src/store/quarantine.ts";
import { hostileDocuments } from "../support/hostile.ts";
import { IngestBench } from "../support/ingest.ts";

let bench: IngestBench;
beforeAll(async () => {
  bench = await IngestBench.start();
});
afterAll(() => bench.stop());

it("TXT4 a hostile delivery goes to quarantine with its bytes and its reason, and changes nothing", async () => {
  await bench.source("wire");
  const story = (id: number) => ({
    version: "https://jsonfeed.org/version/1.1",
    items: [{ id: String(id), title: `Port ${id} opens`, content_text: "It opens." }],
  });
  await bench.deliver("wire", story(1));
  const before = await bench.line("main");
  const hostile = hostileDocuments().filter(
    ({ name, refused }) => refused !== undefined && /^(?:rss|JSON|plain)/u.test(name),
  );
  for (const { name, bytes, refused } of hostile) {
    const text = bytes().toString();
    // What is larger is refused at the door.
    if (text.length > 15_000_000) continue;
    const id = await bench.accept("wire", text, { contentType: "application/octet-stream" });
    const told = await bench.run(id);
    expect({ name, told }).toMatchObject({
      name,
      told: { state: "quarantined", quarantine: { code: refused?.[0] } },
    });
    const [entry] = (await listQuarantine(bench.store.edition)).filter(({ delivery }) => delivery === id);
    expect((await readQuarantineBytes(bench.store.edition, entry?.id ?? "")).length).toBe(
      Buffer.byteLength(text),
    );
  }
  expect(await bench.line("main")).toEqual(before);
  await bench.deliver("wire", story(2));
  expect(await bench.line("main")).toHaveLength(2);
});
