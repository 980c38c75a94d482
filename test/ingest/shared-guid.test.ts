import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DeliveryStatus } from "../../src/contract/rest.ts";
import { readAudit } from "../../src/store/audit.ts";
import { TestEditor } from "../support/desk.ts";
import { IngestBench } from "../support/ingest.ts";

let bench: IngestBench;
beforeAll(async () => {
  bench = await IngestBench.start();
});
afterAll(() => bench.stop());

interface Told {
  title: string;
  text: string;
  guid?: string;
  link?: string;
  date?: string;
}

const GUID = "selin-agency";
const PORT: Told = {
  title: "Port of Selin opens its outer berth",
  text: "The port of Selin opened its outer berth on Friday after repairs that had taken two weeks. Larger ships may enter again from Monday on.",
  link: "https://selin.example/news/port",
  date: "Wed, 04 Mar 2026 10:00:00 GMT",
};
const WHEAT: Told = {
  title: "Wheat harvest reaches record tonnage inland",
  text: "Farmers across Marun brought home more grain than ever before, figures released yesterday show. Silos cannot hold everything.",
  link: "https://selin.example/news/wheat",
  date: "Wed, 04 Mar 2026 11:00:00 GMT",
};
const COUNCIL: Told = {
  title: "Council rejects tram extension towards Kavi",
  text: "Members voted eleven against nine during a stormy session. Opponents called costs unbearable, supporters promised another attempt.",
  link: "https://selin.example/news/council",
  date: "Wed, 04 Mar 2026 12:00:00 GMT",
};
const NEWS = [PORT, WHEAT, COUNCIL];

const element = (name: string, value: string | undefined) =>
  value === undefined ? "" : `<${name}>${value}</${name}>`;
const rss = (...stories: Told[]) =>
  `<rss version="2.0"><channel><title>Selin</title><link>https://selin.example/en/</link>${stories
    .map(
      ({ title, text, guid = GUID, link, date }) =>
        `<item>${element("title", title)}${element("description", text)}<guid isPermaLink="false">${guid}</guid>${element("link", link)}${element("pubDate", date)}</item>`,
    )
    .join("")}</channel></rss>`;
const wire = ({ title, text, guid = GUID, link, date }: Told, fields: object = {}) => ({
  $standard: { name: "ninjs", version: "1.3" },
  uri: guid,
  version: "1",
  type: "text",
  ...(date !== undefined && {
    versioncreated: new Date(date).toISOString(),
    firstcreated: new Date(date).toISOString(),
  }),
  headline: title,
  body_text: text,
  ...(link !== undefined && { link }),
  ...fields,
});
const withoutLink = ({ link: _link, ...rest }: Told): Told => rest;
const withoutDate = ({ date: _date, ...rest }: Told): Told => rest;

const outcomes = ({ outcomes: list }: DeliveryStatus) => list.map(({ outcome }) => outcome);
const headlines = async (line: string) => (await bench.line(line)).map(({ headline }) => headline);
const titles = (...stories: Told[]) => stories.map(({ title }) => title).toReversed();

let count = 0;
/** A source with a line of its own. */
async function freshSource(profile: Parameters<IngestBench["source"]>[1] = {}): Promise<string> {
  const name = `shared-${(count += 1)}`;
  await bench.source(name, { lines: [name], ...profile });
  return name;
}

/** Killed texts and links are known again whoever sends them: each test that kills has its own. */
const own = (story: Told, mark: string): Told => ({
  ...story,
  text: `${mark}. ${story.text} ${mark}.`,
  ...(story.link !== undefined && { link: `${story.link}-${mark}` }),
});

describe("a guid that a source gives to one story after the other", () => {
  const forms: [string, (story: Told) => unknown, readonly Told[]][] = [
    ["with links and dates", rss, NEWS],
    ["with dates only", rss, NEWS.map(withoutLink)],
    ["with links only", rss, NEWS.map(withoutDate)],
    ["on a wire whose version is always 1", (story) => wire(story), NEWS.map(withoutLink)],
  ];
  for (const [what, toDocument, stories] of forms) {
    for (const way of ["in order", "backwards"] as const) {
      it(`REV6 is no id: each story is an item, ${what}, ${way}`, async () => {
        const source = await freshSource();
        const sent = way === "in order" ? stories : stories.toReversed();
        for (const story of sent)
          expect(outcomes(await bench.deliver(source, toDocument(story)))).toEqual(["applied"]);
        expect(new Set(await headlines(source))).toEqual(new Set(titles(...stories)));
        expect(new Set((await bench.line(source)).map(({ revision }) => revision))).toEqual(new Set([1]));
      });
    }

    it(`REV6 has no second effect when the stories come again 100 times, ${what}`, async () => {
      const source = await freshSource();
      for (const story of stories) await bench.deliver(source, toDocument(story));
      const before = await bench.line(source);
      for (let poll = 0; poll < 100; poll += 1) {
        const story = stories[(poll * 2) % stories.length] ?? PORT;
        expect(outcomes(await bench.deliver(source, toDocument(story)))).toEqual(["duplicate"]);
      }
      expect(await bench.line(source)).toEqual(before);
    });

    it(`REV6 an edit of either story is that story's one revision, ${what}`, async () => {
      const source = await freshSource();
      for (const story of stories) await bench.deliver(source, toDocument(story));
      for (const story of stories) {
        const edited = {
          ...story,
          title: `${story.title} (UPDATED)`,
          text: `${story.text} One more sentence.`,
        };
        expect(outcomes(await bench.deliver(source, toDocument(edited)))).toEqual(["applied"]);
        expect(outcomes(await bench.deliver(source, toDocument(edited)))).toEqual(["duplicate"]);
      }
      const line = await bench.line(source);
      expect(line).toHaveLength(stories.length);
      expect(new Set(line.map(({ revision }) => revision))).toEqual(new Set([2]));
    });
  }

  it("REV6 stories read at the same moment are items of their own", async () => {
    const source = await freshSource();
    const deliveries = await Promise.all(NEWS.map((story) => bench.accept(source, rss(story))));
    await Promise.all(deliveries.map((id) => bench.run(id)));
    expect(new Set(await headlines(source))).toEqual(new Set(titles(...NEWS)));
  });

  it("REV6 stories under one guid that come one by one and together are the same items", async () => {
    for (const sent of [
      [[PORT], [PORT, WHEAT], [WHEAT], [COUNCIL], [PORT, WHEAT, COUNCIL]],
      [[PORT, WHEAT], [COUNCIL], [PORT], [PORT, WHEAT, COUNCIL]],
    ]) {
      for (const strip of [(story: Told) => story, withoutLink]) {
        const source = await freshSource();
        for (const stories of sent) await bench.deliver(source, rss(...stories.map(strip)));
        expect(await headlines(source)).toEqual(titles(...NEWS));
      }
    }
  });

  it("REV6 a guid that is a home page, or the feed's own address, is no id from the first story on", async () => {
    for (const guid of ["https://selin.example/", "https://selin.example/en/", "http://selin.example"]) {
      const source = await freshSource();
      for (const [at, title] of ["Calm", "Storm", "Fog"].entries()) {
        const date = new Date(Date.UTC(2026, 2, 4, 10, at)).toUTCString();
        const story = { title, text: `${title}.`, guid, link: guid, date };
        for (let poll = 0; poll < 3; poll += 1) await bench.deliver(source, rss(story));
      }
      expect(await headlines(source)).toEqual(["Fog", "Storm", "Calm"]);
    }
  });

  it("REV6 a link that stood on differing entries is no id when they come one by one", async () => {
    const source = await freshSource();
    const link = "https://selin.example/news";
    const entries = NEWS.map(({ guid: _guid, ...story }) => ({ ...story, guid: "", link }));
    await bench.deliver(source, rss(...entries.slice(0, 2)));
    for (const story of entries.toReversed()) await bench.deliver(source, rss(story));
    expect(await headlines(source)).toEqual(titles(...NEWS));
  });

  it("REV6 every order of arrival, some twice, ends in the same stories", async () => {
    const versions = NEWS.flatMap((story, i) =>
      [1, 2].map((version) => ({
        ...story,
        title: version === 1 ? story.title : `${story.title} at last`,
        text: version === 1 ? story.text : `${story.text} More of it.`,
        date: new Date(Date.UTC(2026, 2, 4, 10 + i, version)).toUTCString(),
      })),
    );
    const expected = versions.filter((_, i) => i % 2 === 1).map(({ title }) => title);
    const order = fc.shuffledSubarray([...versions, ...versions], { minLength: versions.length * 2 });
    await fc.assert(
      fc.asyncProperty(order, async (sent) => {
        const source = await freshSource();
        for (const story of sent) await bench.deliver(source, rss(story));
        expect(await headlines(source)).toEqual(expected.toReversed());
      }),
      { numRuns: 25 },
    );
  });
});

describe("a guid that stays one story's", () => {
  const edits: [string, Partial<Told>][] = [
    ["with quite another headline and text at the same link", { title: WHEAT.title, text: WHEAT.text }],
    ["under another link of the same words", { link: "https://selin.example/news/port-is-open" }],
    [
      "with another headline, link and time over the same text",
      {
        title: "Large ships return",
        link: "https://selin.example/ships",
        date: "Wed, 04 Mar 2026 15:00:00 GMT",
      },
    ],
    [
      "that grew",
      { title: "Selin port: outer berth opens", text: `${PORT.text} ${COUNCIL.text} ${WHEAT.text}` },
    ],
    ["whose headline was mended by a letter", { title: "Port of Selin opens its outer berths" }],
  ];
  for (const [what, edit] of edits) {
    it(`REV1 is one item, ${what}`, async () => {
      for (const way of ["in order", "backwards"]) {
        const source = await freshSource();
        const versions = [
          PORT,
          { ...PORT, ...edit, date: edit.date ?? "Wed, 04 Mar 2026 10:30:00 GMT" },
        ] as const;
        for (const story of way === "in order" ? versions : versions.toReversed())
          await bench.deliver(source, rss(story));
        expect(await headlines(source)).toEqual([versions[1].title]);
      }
    });
  }

  it("REV1 is one item when the source numbers its versions, whatever the words", async () => {
    const source = await freshSource();
    await bench.deliver(source, wire(withoutLink(PORT)));
    await bench.deliver(source, wire(withoutLink(WHEAT), { version: "2" }));
    expect(await bench.line(source)).toMatchObject([{ headline: WHEAT.title, revision: 2 }]);
  });

  it("REV1 is one item when the words are too few to tell", async () => {
    const source = await freshSource();
    await bench.deliver(source, rss({ ...withoutLink(PORT), title: "Calm", text: "No wind." }));
    await bench.deliver(source, rss({ ...withoutLink(WHEAT), title: "Storm", text: "Gusts." }));
    expect(await headlines(source)).toEqual(["Storm"]);
  });
});

describe("a kill by a guid that several stories bear", () => {
  const kill = (guid = GUID, fields: object = {}) => ({
    $standard: { name: "ninjs", version: "1.3" },
    uri: guid,
    version: "2",
    versioncreated: "2026-03-04T13:00:00Z",
    pubstatus: "canceled",
    ...fields,
  });

  it("KIL1 takes all of them off the line, and none comes back by itself", async () => {
    for (const sent of [
      [PORT, WHEAT],
      [WHEAT, PORT],
    ] as const) {
      const source = await freshSource();
      const stories = sent.map((story) => own(story, source));
      for (const story of stories) await bench.deliver(source, wire(story));
      expect(await headlines(source)).toHaveLength(2);
      await bench.deliver(source, kill());
      expect(await headlines(source)).toEqual([]);
      for (const story of stories) {
        await bench.deliver(source, wire(story));
        await bench.deliver(
          source,
          wire(
            { ...story, text: `${story.text} Edited.` },
            { version: "3", versioncreated: "2026-03-04T14:00:00Z", pubstatus: "usable" },
          ),
        );
      }
      expect(await headlines(source)).toEqual([]);
      const audit = await readAudit(bench.store.edition, { limit: 2 });
      expect(audit.map(({ action }) => action)).toEqual(["removed_by_source", "removed_by_source"]);
    }
  });

  it("KIL1 kills the story whose link or words it repeats and holds the others for an editor", async () => {
    const source = await freshSource();
    const [port, wheat] = [own(PORT, source), own(WHEAT, source)];
    const items = [];
    for (const story of [port, wheat]) items.push((await bench.deliver(source, wire(story))).outcomes[0]);
    await bench.deliver(source, kill(GUID, { headline: wheat.title, link: wheat.link }));
    expect(await headlines(source)).toEqual([]);
    const state = await Promise.all(
      items.map(async (item) => {
        const { redis, keys } = bench.store.edition;
        const record = JSON.parse((await redis.hget(keys.item(item?.id ?? ""), "j")) ?? "{}");
        return record.pubStatus;
      }),
    );
    expect(state).toEqual(["withheld", "canceled"]);
    const editor = new TestEditor(bench.store.edition);
    await editor.act("release", items[0]?.id ?? "");
    expect(await headlines(source)).toEqual([port.title]);
  });

  it("KIL2 finds the stories that stood together in one document, and holds what comes later", async () => {
    const source = await freshSource();
    const stories = NEWS.map((story) => own(story, source));
    await bench.deliver(source, rss(...stories.slice(0, 2)));
    await bench.deliver(source, kill());
    expect(await headlines(source)).toEqual([]);
    expect(outcomes(await bench.deliver(source, rss(stories[2] ?? COUNCIL)))).toEqual(["held"]);
    expect(await headlines(source)).toEqual([]);
  });

  it("KIL2 that comes before them all lets none of them show", async () => {
    for (const documents of [[[PORT], [WHEAT]], [[PORT, WHEAT]], [[PORT, WHEAT], [PORT]]]) {
      const source = await freshSource();
      await bench.deliver(source, kill());
      for (const stories of documents)
        await bench.deliver(source, rss(...stories.map((story) => own(story, source))));
      expect(await headlines(source)).toEqual([]);
    }
  });

  it("KIL2 by a notice of a source that may act for theirs finds all of them", async () => {
    const source = await freshSource();
    const other = await freshSource({ actsFor: [source] });
    for (const story of [PORT, WHEAT]) await bench.deliver(source, rss(own(story, source)));
    await bench.deliver(
      other,
      `<feed xmlns="http://www.w3.org/2005/Atom"><id>x</id><title>x</title><deleted-entry xmlns="http://purl.org/atompub/tombstones/1.0" ref="${GUID}" when="2026-03-04T13:00:00Z"/></feed>`,
    );
    expect(await headlines(source)).toEqual([]);
  });

  it("KIL1 of one by an editor leaves the others, and the killed one stays away when it is edited", async () => {
    for (const strip of [(story: Told) => story, withoutLink]) {
      const source = await freshSource();
      const [port, wheat, council] = NEWS.map((story) => strip(own(story, source)));
      if (port === undefined || wheat === undefined || council === undefined)
        throw new Error("three stories");
      for (const story of [port, wheat]) await bench.deliver(source, rss(story));
      const item = (await bench.line(source)).find(({ headline }) => headline === port.title);
      await new TestEditor(bench.store.edition).kill(item?.id ?? "");
      await bench.deliver(source, rss(port));
      await bench.deliver(source, rss({ ...port, text: `${port.text} Edited.` }));
      await bench.deliver(source, rss({ ...wheat, text: `${wheat.text} Edited.` }));
      expect(await bench.line(source)).toMatchObject([{ headline: wheat.title, revision: 2 }]);
      await bench.deliver(source, rss(council));
      expect(await headlines(source)).toEqual([council.title, wheat.title]);
    }
  });

  it("EMB1 another story under the guid of one that is embargoed or held waits for an editor", async () => {
    const embargoed = new Date(Date.now() + 3_600_000).toISOString();
    for (const fields of [{ embargoed }, { pubstatus: "withheld" }]) {
      const source = await freshSource();
      await bench.deliver(source, wire(PORT, fields));
      expect(outcomes(await bench.deliver(source, wire(WHEAT)))).toEqual(["held"]);
      expect(outcomes(await bench.deliver(source, wire(COUNCIL)))).toEqual(["applied"]);
      expect(await headlines(source)).toEqual([COUNCIL.title]);
    }
  });

  it("OWN1 a story that an editor has changed takes its source's rewrites as proposals, other stories stay apart", async () => {
    const source = await freshSource();
    const item = (await bench.deliver(source, rss(withoutLink(PORT)))).outcomes[0];
    await new TestEditor(bench.store.edition).change(item?.id ?? "", { headline: "Ours alone" });
    const rewrite = { ...withoutLink(WHEAT), date: "Wed, 04 Mar 2026 10:30:00 GMT" };
    expect((await bench.deliver(source, rss(rewrite))).outcomes).toMatchObject([{ reason: "desk_owned" }]);
    const other = await freshSource();
    const [first] = (await bench.deliver(other, rss(PORT))).outcomes;
    await new TestEditor(bench.store.edition).change(first?.id ?? "", { headline: "Ours alone" });
    await bench.deliver(other, rss(WHEAT));
    expect(await headlines(other)).toEqual([WHEAT.title, "Ours alone"]);
  });

  it("REV6 what supersedes a shared guid replaces none of its stories", async () => {
    const source = await freshSource();
    for (const story of [PORT, WHEAT]) await bench.deliver(source, wire(story));
    await bench.deliver(source, wire({ ...COUNCIL, guid: "urn:new" }, { evolvedfrom: GUID }));
    expect(await headlines(source)).toEqual(titles(...NEWS));
  });

  it("KIL1 what supersedes a shared guid of which a story was killed is withheld", async () => {
    const source = await freshSource();
    const [port, wheat, council] = NEWS.map((story) => own(story, source));
    for (const story of [port, wheat]) await bench.deliver(source, wire(story ?? PORT));
    await bench.deliver(source, kill());
    await bench.deliver(source, wire({ ...(council ?? COUNCIL), guid: "urn:new" }, { evolvedfrom: GUID }));
    expect(await headlines(source)).toEqual([]);
  });
});
