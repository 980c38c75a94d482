import { expect, test } from "vitest";
import { draftOf } from "../structured.ts";

const item = ({
  revision = '<RevisionId PreviousRevision="2" Update="N">3</RevisionId>',
  management = "",
} = {}) =>
  `<NewsML Version="1.2"><NewsItem><Identification><NewsIdentifier><ProviderId>agency.example</ProviderId><DateId>20240305</DateId>` +
  `<NewsItemId>TX-77</NewsItemId>${revision}<PublicIdentifier>urn:newsml:agency.example:20240305:TX-77:3</PublicIdentifier></NewsIdentifier></Identification>` +
  `<NewsManagement><NewsItemType FormalName="News"/><FirstCreated>20240305T090000+0100</FirstCreated>` +
  `<ThisRevisionCreated>20240305T110000-0530</ThisRevisionCreated><Status FormalName="Usable"/>${management}</NewsManagement>` +
  `<NewsComponent><NewsLines><HeadLine>Riverton opens its port</HeadLine></NewsLines><ContentItem><DataContent><p>The port is open.</p></DataContent></ContentItem></NewsComponent></NewsItem></NewsML>`;

test.each(["N", "U", "A"])(
  "REV1 NML4 a RevisionId with Update=%s is the version; the story is read whole",
  (update) => {
    const revision = `<RevisionId PreviousRevision="2" Update="${update}">3</RevisionId>`;
    expect(draftOf(item({ revision }))).toMatchObject({
      sourceVersion: "3",
      guidBase: "urn:newsml:agency.example:20240305:TX-77",
      headline: "Riverton opens its port",
      bodyText: "The port is open.",
    });
  },
);

test.each([
  ["1", 1],
  ["8", 8],
  ["", undefined],
  ["high", undefined],
])("URG1 NML6 Urgency FormalName %j is urgency %j", (written, urgency) => {
  expect(draftOf(item({ management: `<Urgency FormalName="${written}"/>` })).urgency).toBe(urgency);
});

test("TIM1 NML7 FirstCreated and ThisRevisionCreated are read as basic dates with their offset", () => {
  expect(draftOf(item())).toMatchObject({
    firstCreated: "2024-03-05T08:00:00.000Z",
    versionCreated: "2024-03-05T16:30:00.000Z",
  });
});
