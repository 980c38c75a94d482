import { describe, expect, it } from "vitest";
import type { Draft } from "../../src/contract/draft.ts";
import type { ItemRecord } from "../../src/store/record.ts";
import { isAnotherStory, sharesHalf } from "../../workers/likeness.ts";

interface Words {
  headline: string;
  bodyText: string;
}
const draft = (words: Words, minute: number, link: string): Draft => ({
  ...words,
  link,
  firstCreated: `2026-03-04T10:${minute}:00.000Z`,
  pubStatus: "usable",
  notes: [],
});
const record = ({ headline, bodyText, link, firstCreated }: Draft): ItemRecord => ({
  id: "one",
  source: "selin",
  revision: 1,
  lines: ["main"],
  change: "new",
  pubStatus: "usable",
  content: {
    headline: headline ?? "",
    urgency: 5,
    ...(bodyText !== undefined && { bodyText }),
    ...(link !== undefined && { link }),
  },
  receivedAt: "2026-03-04T10:00:00.000Z",
  revisedAt: "2026-03-04T10:00:00.000Z",
  orderedAt: "2026-03-04T10:00:00.000Z",
  timeBasis: "source",
  revisionBasis: "source",
  publicLines: ["main"],
  versions: [],
  ...(firstCreated !== undefined && { firstCreated }),
});

/** A story, its rewrite, and another story of the same agency. */
const STORIES: [string, Words, Words, Words][] = [
  [
    "English",
    {
      headline: "Port of Selin opens its outer berth",
      bodyText: "The port of Selin opened its outer berth on Friday after repairs, the harbour master said.",
    },
    {
      headline: "Ships return after two weeks",
      bodyText:
        "Large ships came back on Saturday. The port of Selin opened its outer berth on Friday after repairs, the harbour master said.",
    },
    {
      headline: "Wheat harvest reaches record tonnage",
      bodyText:
        "Farmers brought home more grain than ever before, the ministry said on Friday after counting.",
    },
  ],
  [
    "Azerbaijani",
    {
      headline: "Selin limanı yenidən açıldı",
      bodyText: "Selin limanının xarici körpüsü cümə günü təmirdən sonra açıldı, liman rəisi bildirib.",
    },
    {
      headline: "Gəmilər iki həftədən sonra qayıtdı",
      bodyText:
        "Böyük gəmilər şənbə günü gəldi. Selin limanının xarici körpüsü cümə günü təmirdən sonra açıldı, liman rəisi bildirib.",
    },
    {
      headline: "Taxıl yığımı rekord həddə çatıb",
      bodyText: "Fermerlər əvvəlki illərdən daha çox məhsul toplayıb, nazirlik açıqlayıb.",
    },
  ],
  [
    "Russian",
    {
      headline: "Порт Селин открыл внешний причал",
      bodyText: "Порт Селин открыл внешний причал в пятницу после ремонта, сообщил начальник порта.",
    },
    {
      headline: "Суда возвращаются спустя две недели",
      bodyText:
        "Крупные суда пришли в субботу. Порт Селин открыл внешний причал в пятницу после ремонта, сообщил начальник порта.",
    },
    {
      headline: "Урожай пшеницы стал рекордным",
      bodyText: "Фермеры собрали больше зерна, чем когда-либо прежде, заявили в министерстве.",
    },
  ],
  [
    "Chinese",
    {
      headline: "塞林港外泊位重新开放",
      bodyText: "港务局长表示，塞林港外泊位经过两周维修后于周五重新开放。",
    },
    {
      headline: "大型船只恢复停靠",
      bodyText: "大型船只周六抵达。港务局长表示，塞林港外泊位经过两周维修后于周五重新开放。",
    },
    {
      headline: "小麦产量创下历史纪录",
      bodyText: "农业部公布的数据显示，农民今年收获的粮食比以往任何一年都多。",
    },
  ],
  [
    "Arabic",
    {
      headline: "ميناء سيلين يفتح رصيفه الخارجي",
      bodyText: "فتح ميناء سيلين رصيفه الخارجي يوم الجمعة بعد أعمال صيانة استمرت أسبوعين بحسب مدير الميناء.",
    },
    {
      headline: "عودة السفن الكبيرة",
      bodyText:
        "وصلت السفن الكبيرة يوم السبت. فتح ميناء سيلين رصيفه الخارجي يوم الجمعة بعد أعمال صيانة استمرت أسبوعين بحسب مدير الميناء.",
    },
    {
      headline: "محصول القمح يسجل رقما قياسيا",
      bodyText: "جمع المزارعون حبوبا أكثر من أي وقت مضى وفق بيانات الوزارة المنشورة أمس.",
    },
  ],
];

describe("stories told apart by their words", () => {
  it.each(STORIES)(
    "REV6 in %s a rewrite stays its story, another one does not",
    (_language, story, rewrite, other) => {
      const known = record(draft(story, 10, "https://selin.example/a"));
      expect(isAnotherStory(known, draft(rewrite, 20, "https://selin.example/b"))).toBe(false);
      expect(isAnotherStory(known, draft(other, 20, "https://selin.example/b"))).toBe(true);
      const later = record(draft(other, 20, "https://selin.example/b"));
      expect(isAnotherStory(later, draft(story, 10, "https://selin.example/a"))).toBe(true);
    },
  );

  it("REV3 headlines of scripts without blanks share half their words as others do", () => {
    expect(sharesHalf("塞林港外泊位重新开放", "塞林港外泊位周六重新开放")).toBe(true);
    expect(sharesHalf("塞林港外泊位重新开放", "小麦产量创下历史纪录")).toBe(false);
  });
});
