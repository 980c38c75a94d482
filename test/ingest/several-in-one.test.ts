import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { IngestBench } from "../support/ingest.ts";

let bench: IngestBench;
beforeAll(async () => {
  bench = await IngestBench.start();
});
afterAll(() => bench.stop());

interface Sent {
  revision: number;
  status?: string;
  /** Component and what its headline and text are. */
  stories: Record<string, string>;
}

const component = ([duid, words]: [string, string]) =>
  `<NewsComponent Duid="${duid}"><NewsLines><HeadLine>${words}</HeadLine></NewsLines><ContentItem>` +
  `<DataContent><p>${words}, the council of Selin said on Tuesday.</p></DataContent></ContentItem></NewsComponent>`;
const newsml = (id: string, { revision, status = "Usable", stories }: Sent) =>
  "<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>selin.example</ProviderId><DateId>20260304</DateId>" +
  `<NewsItemId>${id}</NewsItemId><RevisionId PreviousRevision="${revision - 1}" Update="N">${revision}</RevisionId>` +
  `<PublicIdentifier>urn:newsml:selin.example:20260304:${id}:${revision}</PublicIdentifier></NewsIdentifier></Identification>` +
  `<NewsManagement><FirstCreated>20260304T100000Z</FirstCreated><ThisRevisionCreated>20260304T1${revision}0000Z</ThisRevisionCreated>` +
  `<Status FormalName="${status}"/></NewsManagement>${
    Object.keys(stories).length === 0
      ? ""
      : `<NewsComponent>${Object.entries(stories).map(component).join("")}</NewsComponent>`
  }</NewsItem></NewsML>`;

const TWO = { c1: "Port opens its outer berth", c2: "Wheat harvest reaches a record" };
const headlines = async (line: string) =>
  (await bench.line(line)).map(({ headline }) => headline).toSorted((a, b) => a.localeCompare(b));

async function freshSource(name: string): Promise<string> {
  await bench.source(name, { lines: [name] });
  return name;
}

describe("several stories in one NewsItem", () => {
  it("KIL1 NML10 a withdrawal of the item withdraws all of them", async () => {
    const source = await freshSource("pack-kill");
    await bench.deliver(source, newsml("K1", { revision: 1, stories: TWO }));
    expect(await headlines(source)).toEqual(Object.values(TWO));
    await bench.deliver(source, newsml("K1", { revision: 2, status: "Canceled", stories: {} }));
    expect(await headlines(source)).toEqual([]);
  });

  it("KIL2 NML10 a withdrawal of the item that comes first keeps all of them from the line", async () => {
    const source = await freshSource("pack-early");
    await bench.deliver(source, newsml("K2", { revision: 2, status: "Canceled", stories: {} }));
    await bench.deliver(source, newsml("K2", { revision: 1, stories: TWO }));
    expect(await headlines(source)).toEqual([]);
  });

  it("REV1 NML10 a later revision is a revision of each, and the same again is none", async () => {
    const source = await freshSource("pack-update");
    const later = { c1: "Port opens its outer berth early", c2: "Wheat harvest reaches a record inland" };
    await bench.deliver(source, newsml("K3", { revision: 1, stories: TWO }));
    await bench.deliver(source, newsml("K3", { revision: 2, stories: later }));
    await bench.deliver(source, newsml("K3", { revision: 2, stories: later }));
    expect(await headlines(source)).toEqual(Object.values(later));
    expect((await bench.line(source)).map(({ revision }) => revision)).toEqual([2, 2]);
  });
});
