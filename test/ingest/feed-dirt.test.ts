import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DeliveryStatus } from "../../src/contract/rest.ts";
import { TestEditor } from "../support/desk.ts";
import { IngestBench } from "../support/ingest.ts";

let bench: IngestBench;
beforeAll(async () => {
  bench = await IngestBench.start();
});
afterAll(() => bench.stop());

interface Entry {
  title: string;
  text?: string;
  guid?: string;
  link?: string;
  date?: string;
  isPermaLink?: boolean;
}
const element = (name: string, value: string | undefined, attributes = "") =>
  value === undefined ? "" : `<${name}${attributes}>${value}</${name}>`;
const escape = (link: string | undefined) => link?.replaceAll("&", "&amp;");
const toIso = (date: string | undefined) => (date === undefined ? undefined : new Date(date).toISOString());

const rss = (...entries: Entry[]) =>
  `<rss version="2.0"><channel><title>Selin</title><link>https://selin.example/en/</link>${entries
    .map(({ title, text, guid, link, date, isPermaLink }) => {
      const lie = isPermaLink === undefined ? "" : ` isPermaLink="${isPermaLink}"`;
      return `<item>${element("title", title)}${element("description", text)}${element("guid", escape(guid), lie)}${element("link", escape(link))}${element("pubDate", date)}</item>`;
    })
    .join("")}</channel></rss>`;
const atom = (...entries: Entry[]) =>
  `<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:selin</id><title>Selin</title>${entries
    .map(({ title, text, guid, link, date }) => {
      const alternate = link === undefined ? "" : `<link href="${escape(link)}"/>`;
      return `<entry>${element("title", title)}${element("content", text)}${element("id", escape(guid))}${alternate}${element("updated", toIso(date))}</entry>`;
    })
    .join("")}</feed>`;
const json = (...entries: Entry[]) => ({
  version: "https://jsonfeed.org/version/1.1",
  title: "Selin",
  items: entries.map(({ title, text, guid, link, date }) => ({
    title,
    content_text: text,
    id: guid,
    url: link,
    date_published: toIso(date),
  })),
});
const FORMATS: [string, (...entries: Entry[]) => unknown][] = [
  ["RSS", rss],
  ["Atom", atom],
  ["JSON Feed", json],
];

const BARE: Entry = {
  title: "Port of Selin opens its outer berth",
  text: "The port of Selin opened its outer berth on Friday after repairs that took two weeks.",
};
const SHORT: Entry = { title: BARE.title, text: "Ships enter." };
const DATED = { date: "Wed, 04 Mar 2026 10:00:00 GMT" };
const LINKED = { link: "https://selin.example/news/port" };
const NAMED = { guid: "p-1" };
const FULL: Entry = { ...BARE, ...DATED, ...LINKED, ...NAMED };
const OTHER: Entry = {
  title: "Wheat is dear inland",
  text: "Farmers say so.",
  guid: "w-1",
  link: "https://selin.example/news/wheat",
  date: "Wed, 04 Mar 2026 09:00:00 GMT",
};

const outcomes = ({ outcomes: list }: DeliveryStatus) => list.map(({ outcome }) => outcome);
let count = 0;
async function freshSource(): Promise<string> {
  const name = `dirt-${(count += 1)}`;
  await bench.source(name, { lines: [name] });
  return name;
}

/** What each form is told of, beside a neighbour that stays; then the feed turned round, a hundred times. */
async function tell(toFeed: (...entries: Entry[]) => unknown, forms: readonly Entry[], polls = 5) {
  const source = await freshSource();
  const told: string[] = [];
  for (const form of forms)
    told.push(outcomes(await bench.deliver(source, toFeed(form, OTHER)))[0] ?? "none");
  const before = await bench.line(source);
  const last = forms.at(-1) ?? FULL;
  for (let poll = 0; poll < polls; poll += 1) {
    const entries = poll % 3 === 0 ? [OTHER] : poll % 2 === 0 ? [last, OTHER] : [OTHER, last];
    expect(new Set(outcomes(await bench.deliver(source, toFeed(...entries))))).toEqual(
      new Set(["duplicate"]),
    );
  }
  expect(await bench.line(source)).toEqual(before);
  const items = before.filter(({ headline }) => headline !== OTHER.title);
  return { told, revisions: items.map(({ revision }) => revision) };
}

const RESENT: [string, Entry[]][] = [
  ["blanks around its guid", [FULL, { ...FULL, guid: "\n  p-1 \t" }]],
  ["its guid in capitals", [FULL, { ...FULL, guid: "P-1" }]],
  [
    "its guid in capitals and no link",
    [
      { ...BARE, ...DATED, ...NAMED },
      { ...BARE, ...DATED, guid: "P-1" },
    ],
  ],
  ["a new guid, and the old one again", [FULL, { ...FULL, guid: "p-2" }, FULL, { ...FULL, guid: "p-2" }]],
  [
    "marks that follow readers in its link",
    [FULL, { ...FULL, link: `${LINKED.link}?utm_source=a&utm_medium=b` }],
  ],
  [
    "such marks and no guid",
    [
      { ...BARE, ...LINKED },
      { ...BARE, link: `${LINKED.link}?at_medium=RSS&fbclid=1` },
    ],
  ],
  [
    "http, www and a slash in its link",
    [
      { ...SHORT, ...LINKED },
      { ...SHORT, link: "http://www.selin.example/news/port/" },
    ],
  ],
  ["a guid that it did not have", [{ ...BARE, ...DATED, ...LINKED }, FULL]],
  [
    "a guid that it did not have, and no link",
    [
      { ...SHORT, ...DATED },
      { ...SHORT, ...DATED, ...NAMED },
    ],
  ],
  ["a guid that it did not have, no link and no date", [SHORT, { ...SHORT, ...NAMED }]],
  ["no guid any more", [FULL, { ...BARE, ...DATED, ...LINKED }]],
  [
    "a date that it did not have",
    [
      { ...BARE, ...NAMED },
      { ...BARE, ...NAMED, ...DATED },
    ],
  ],
  ["a date that it did not have, no guid and no link", [SHORT, { ...SHORT, ...DATED }]],
  ["no date any more, no guid and no link", [{ ...SHORT, ...DATED }, SHORT]],
  ["a link that it did not have", [{ ...BARE, ...DATED, ...NAMED }, FULL]],
  [
    "a link that it did not have, and no guid",
    [
      { ...SHORT, ...DATED },
      { ...SHORT, ...DATED, ...LINKED },
    ],
  ],
];

const grown = (entry: Entry): Entry => ({ ...entry, text: `${entry.text} More ships are waiting.` });
const EDITED: [string, Entry[]][] = [
  ["a letter of the headline", [FULL, { ...FULL, title: `${FULL.title}s` }]],
  ["headline and guid at once", [FULL, { ...FULL, guid: "p-2", title: `${FULL.title} at last` }]],
  [
    "another headline under the link without guid",
    [
      { ...BARE, ...LINKED },
      { ...BARE, title: "Ships return", link: "http://selin.example/news/port/" },
    ],
  ],
  ["(UPDATED) and a longer text", [FULL, { ...grown(FULL), title: `${FULL.title} (UPDATED)` }]],
  [
    "the text, with nothing but a link",
    [
      { ...BARE, ...LINKED },
      { ...grown(BARE), ...LINKED },
    ],
  ],
  [
    "the text, with a date alone",
    [
      { ...BARE, ...DATED },
      { ...grown(BARE), ...DATED },
    ],
  ],
  [
    "a letter of the headline, with a date alone",
    [
      { ...BARE, ...DATED },
      { ...BARE, ...DATED, title: `${BARE.title}s` },
    ],
  ],
  ["the text, without guid, link and date", [BARE, grown(BARE)]],
  ["a letter of the headline, without guid, link and date", [BARE, { ...BARE, title: `${BARE.title}s` }]],
  [
    "(UPDATED) and a longer text, without guid, link and date",
    [BARE, { ...grown(BARE), title: `${BARE.title} (UPDATED)` }],
  ],
];

describe.each(FORMATS)("a story in %s", (_format, toFeed) => {
  for (const [what, forms] of RESENT) {
    it(`REV1 REV7 that comes again with ${what} is the same item, on every poll`, async () => {
      const { told, revisions } = await tell(toFeed, forms);
      expect(told).toEqual(["applied", ...forms.slice(1).map(() => "duplicate")]);
      expect(revisions).toEqual([1]);
    });
  }

  for (const [what, forms] of EDITED) {
    it(`REV1 REV7 whose edit changes ${what} has one revision more, on every poll`, async () => {
      const { told, revisions } = await tell(toFeed, forms);
      expect(told).toEqual(["applied", "applied"]);
      expect(revisions).toEqual([2]);
    });
  }

  it("REV7 60 entries without ids, links and dates stay put for 100 polls, each edit is one revision", async () => {
    const source = await freshSource();
    const places = ["Selin", "Kavi", "Marun", "Toral", "Besk", "Ondra"];
    const events = [
      "ferry",
      "bridge",
      "school",
      "market",
      "orchard",
      "museum",
      "harbour",
      "tram",
      "mill",
      "well",
    ];
    const entries = places.flatMap((place) =>
      events.map((event) => ({
        title: `${place} reopens its ${event}`,
        text: `In ${place} the ${event} was opened again on Friday, the mayor of ${place} said. Work on the ${event} had lasted for ${event.length} weeks.`,
      })),
    );
    await bench.deliver(source, toFeed(...entries));
    const before = await bench.line(source);
    expect(before).toHaveLength(60);
    for (let poll = 0; poll < 100; poll += 1) {
      const turned = [...entries.slice(poll % 60), ...entries.slice(0, poll % 60)];
      await bench.deliver(source, toFeed(...turned));
    }
    expect(await bench.line(source)).toEqual(before);
    const edited = entries.map((entry, i) =>
      i % 10 === 0 ? { ...entry, text: `${entry.text} Ships are waiting.` } : entry,
    );
    for (let poll = 0; poll < 3; poll += 1) await bench.deliver(source, toFeed(...edited));
    const after = await bench.line(source);
    expect(after).toHaveLength(60);
    expect(after.filter(({ revision }) => revision === 2)).toHaveLength(6);
    expect(after.filter(({ revision }) => revision > 2)).toEqual([]);
  });

  it("REV7 entries alike that stand side by side, or say another day's weather, are no edits of each other", async () => {
    const source = await freshSource();
    const day = (name: string, text = "Calm."): Entry => ({ title: `Weather at sea on ${name}`, text });
    await bench.deliver(source, toFeed(day("Monday"), day("Tuesday")));
    await bench.deliver(source, toFeed(day("Monday"), day("Tuesday"), day("Wednesday")));
    await bench.deliver(source, toFeed(day("Thursday")));
    expect(await bench.line(source)).toHaveLength(4);
    const daily = await freshSource();
    for (const date of ["04", "05", "06"])
      await bench.deliver(
        daily,
        toFeed({ title: "Weather at sea", text: "Calm.", date: `${date} Mar 2026 06:00:00 GMT` }),
      );
    expect(await bench.line(daily)).toHaveLength(3);
  });

  it("KIL1 REV7 an entry without id, link and date that an editor killed stays away when it is edited", async () => {
    for (const edit of [
      (entry: Entry) => ({ ...entry, text: `${entry.text} More.` }),
      (entry: Entry) => ({ ...entry, title: `${entry.title}s` }),
    ]) {
      const source = await freshSource();
      const entry = { title: `${BARE.title} ${source}`, text: `${BARE.text} ${source}.` };
      await bench.deliver(source, toFeed(entry, OTHER));
      const item = (await bench.line(source)).find(({ headline }) => headline === entry.title);
      await new TestEditor(bench.store.edition).kill(item?.id ?? "");
      for (let poll = 0; poll < 3; poll += 1) await bench.deliver(source, toFeed(edit(entry), OTHER));
      expect((await bench.line(source)).map(({ headline }) => headline)).toEqual([OTHER.title]);
    }
  });
});

describe("a guid of RSS", () => {
  it("REV1 is the same whatever isPermaLink says of it", async () => {
    const forms = [true, false, undefined].map((isPermaLink) =>
      isPermaLink === undefined ? FULL : { ...FULL, isPermaLink },
    );
    expect(await tell(rss, forms)).toEqual({ told: ["applied", "duplicate", "duplicate"], revisions: [1] });
    const address = { ...BARE, ...DATED, guid: LINKED.link };
    const moved = {
      ...address,
      title: "Ships return",
      guid: "http://www.selin.example/news/port/?utm_source=x",
    };
    expect(await tell(rss, [address, moved])).toEqual({ told: ["applied", "applied"], revisions: [2] });
  });
});
