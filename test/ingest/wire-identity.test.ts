import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DeliveryStatus } from "../../src/contract/rest.ts";
import { IngestBench } from "../support/ingest.ts";

let bench: IngestBench;
beforeAll(async () => {
  bench = await IngestBench.start();
});
afterAll(() => bench.stop());

interface Message {
  number?: string;
  slug?: string;
  takes?: string[];
  title?: string;
  text: string;
  /** Day, hour and minute of March 2026. */
  at?: string;
}
const PORT: Message = {
  title: "Port of Selin opens its outer berth",
  text: "The port of Selin opened its outer berth on Friday after repairs that had taken two weeks, the harbour master said.",
};
const WHEAT: Message = {
  title: "Wheat harvest reaches record tonnage inland",
  text: "Farmers across Marun brought home more grain than ever before, figures released yesterday show. Silos cannot hold everything.",
};
const message = ({ number = "0123", slug = "Selin-port", takes = [], title, text, at = "041000" }: Message) =>
  [
    `\u0001abc${number} 4 i 211 awp dpa`,
    `${slug}/`,
    `\u0002${[...takes, `${title ?? ""} =`].join("\r\n")}`,
    "",
    `   Selin (Agency) - ${text}`,
    "\u0003",
    `${at} GMT Mar 26`,
    "\u0004",
  ].join("\r\n");

const outcomes = ({ outcomes: list }: DeliveryStatus) => list.map(({ outcome }) => outcome);
const headlines = async (line: string) => (await bench.line(line)).map(({ headline }) => headline);
let count = 0;
async function freshSource(): Promise<string> {
  const name = `wire-${(count += 1)}`;
  await bench.source(name, { lines: [name] });
  return name;
}

/** Received at a given moment, whatever the clock says. */
async function deliverAt(source: string, received: string, body: string): Promise<DeliveryStatus> {
  const delivery = await bench.accept(source, body);
  const { redis, keys } = bench.store.edition;
  await redis.hset(keys.delivery(delivery), "receivedMs", Date.parse(received));
  return await bench.run(delivery);
}

describe("a running number that comes again within its day", () => {
  for (const way of ["in order", "backwards"])
    it(`REV6 names two stories when they are two, ${way}`, async () => {
      const source = await freshSource();
      const messages = [message({ ...PORT, slug: "" }), message({ ...WHEAT, slug: "", at: "041500" })];
      for (const body of way === "in order" ? messages : messages.toReversed())
        await bench.deliver(source, body);
      for (let poll = 0; poll < 3; poll += 1)
        for (const body of messages)
          expect(outcomes(await bench.deliver(source, body))).toEqual(["duplicate"]);
      expect(await headlines(source)).toEqual([WHEAT.title, PORT.title]);
    });

  it("REV1 names one story when it is sent again with a mended word or more text", async () => {
    const source = await freshSource();
    await bench.deliver(source, message(PORT));
    await bench.deliver(source, message({ ...PORT, title: `${PORT.title}s`, at: "041010" }));
    await bench.deliver(
      source,
      message({ ...PORT, title: "Ships return", text: `${PORT.text} More.`, at: "041020" }),
    );
    expect(await bench.line(source)).toMatchObject([{ headline: "Ships return", revision: 3 }]);
  });
});

describe("a kill that knows its story by the slug only", () => {
  const story = (source: string, more: Partial<Message> = {}) =>
    message({ ...PORT, slug: `${source}-port`, text: `${PORT.text} ${source}.`, ...more });
  const kill = (source: string, at: string) =>
    message({ number: "0200", slug: `${source}-port/KILL`, title: "KILL", text: "Kill it.", at });

  it("KIL2 finds the story of the evening before when midnight lies between, in either order", async () => {
    for (const way of ["in order", "backwards"]) {
      const source = await freshSource();
      const sent: [string, string][] = [
        ["2026-03-04T23:50:00Z", story(source, { at: "042350" })],
        ["2026-03-05T00:10:00Z", kill(source, "050010")],
      ];
      const moments = sent.map(([at]) => at);
      const bodies = sent.map(([, body]) => body);
      if (way === "backwards") bodies.reverse();
      for (const [i, body] of bodies.entries()) await deliverAt(source, moments[i] ?? "", body);
      expect(await headlines(source)).toEqual([]);
    }
  });

  it("KIL2 leaves another day's story of the slug alone", async () => {
    const source = await freshSource();
    await deliverAt(source, "2026-03-04T08:00:00Z", story(source, { at: "040800" }));
    await deliverAt(source, "2026-03-05T09:00:00Z", kill(source, "050900"));
    expect(await headlines(source)).toEqual([PORT.title]);
    await deliverAt(
      source,
      "2026-03-06T09:00:00Z",
      message({ ...WHEAT, slug: `${source}-port`, number: "0300", at: "060900" }),
    );
    expect(await headlines(source)).toEqual([WHEAT.title, PORT.title]);
  });

  it("KIL2 holds the story for an editor also when its source updates it the next day", async () => {
    const source = await freshSource();
    await deliverAt(source, "2026-03-04T20:00:00Z", story(source, { at: "042000" }));
    await deliverAt(source, "2026-03-04T20:10:00Z", kill(source, "042010"));
    expect(await headlines(source)).toEqual([]);
    const update = story(source, {
      number: "0300",
      takes: ["1st Lead"],
      title: `${PORT.title} at last`,
      at: "051500",
    });
    expect(outcomes(await deliverAt(source, "2026-03-05T15:00:00Z", update))).toEqual(["held"]);
    expect(await headlines(source)).toEqual([]);
  });
});

describe("a story that goes on under another name", () => {
  const ninjs = (uri: string, hour: number, fields: object = {}) => ({
    $standard: { name: "ninjs", version: "1.3" },
    uri,
    version: "1",
    versioncreated: `2026-03-04T${hour}:00:00Z`,
    firstcreated: `2026-03-04T${hour}:00:00Z`,
    ...fields,
  });

  it("REV3 is one item when what supersedes it comes before or after it", async () => {
    for (const way of ["in order", "backwards"]) {
      const source = await freshSource();
      const sent = [
        ninjs("urn:old", 10, { headline: PORT.title, body_text: `${PORT.text} ${source}.` }),
        ninjs("urn:new", 11, {
          headline: WHEAT.title,
          body_text: `${WHEAT.text} ${source}.`,
          evolvedfrom: "urn:old",
        }),
      ];
      if (way === "backwards") sent.reverse();
      for (let poll = 0; poll < 3; poll += 1) for (const body of sent) await bench.deliver(source, body);
      expect(await headlines(source)).toEqual([WHEAT.title]);
      await bench.deliver(source, ninjs("urn:old", 12, { version: "2", pubstatus: "canceled" }));
      expect(await headlines(source)).toEqual([]);
    }
  });

  it("KIL1 what supersedes a story that was killed before it came is withheld", async () => {
    const source = await freshSource();
    await bench.deliver(source, ninjs("urn:old", 12, { version: "2", pubstatus: "canceled" }));
    const told = await bench.deliver(
      source,
      ninjs("urn:new", 13, {
        headline: PORT.title,
        body_text: `${PORT.text} ${source}`,
        evolvedfrom: "urn:old",
      }),
    );
    expect(outcomes(told)).toEqual(["held"]);
  });

  it("REV3 is one item when its lead comes before or after it", async () => {
    for (const way of ["in order", "backwards"]) {
      const source = await freshSource();
      const sent = [
        message({ ...PORT, slug: `${source}-port` }),
        message({
          ...PORT,
          slug: `${source}-port`,
          number: "0150",
          takes: ["1st Lead"],
          title: `${PORT.title} at last`,
          text: `${PORT.text} Ships are waiting.`,
          at: "041030",
        }),
      ];
      if (way === "backwards") sent.reverse();
      for (let poll = 0; poll < 3; poll += 1) for (const body of sent) await bench.deliver(source, body);
      expect(await headlines(source)).toEqual([`${PORT.title} at last`]);
    }
  });

  it("REV3 another story of the same slug is one of its own, whichever comes first", async () => {
    for (const way of ["in order", "backwards"]) {
      const source = await freshSource();
      const sent = [
        message({ ...WHEAT, slug: `${source}-port` }),
        message({ ...PORT, slug: `${source}-port`, number: "0150", takes: ["1st Lead"], at: "041030" }),
      ];
      if (way === "backwards") sent.reverse();
      for (const body of sent) await bench.deliver(source, body);
      expect(await headlines(source)).toEqual([PORT.title, WHEAT.title]);
    }
  });
});
