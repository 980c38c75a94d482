import { toPlainLine } from "../../src/contract/text.ts";

/** Words of a page around the text, in the languages in which they come. Nothing below them is the story's. */
const BELOW = one([
  "leave (?:a|your) (?:review|comment|reply|feedback)|write a (?:review|comment)|add (?:a )?comment",
  "follow us(?: (?:on|in) .{1,40})?|find us on .{1,40}|join us on .{1,40}",
  "(?:please )?(?:login|log in|sign in)(?: or (?:subscribe|register|sign up).*)?|subscribe to read more",
  "related (?:news|articles|stories|topics)|read (?:also|more|next)|see also|more (?:news|stories)|most (?:read|popular)",
  "(?:all|latest|other|top) news|in focus|news ?line|news feed|back to top|tags:.{0,200}",
  "share(?: this(?: .{1,20})?| on .{1,30})?|comments?(?: ?\\(\\d{1,6}\\))?|print(?: version)?",
  "©.{0,120}|\\(c\\) ?\\d{4}.{0,120}|all rights reserved.{0,80}",
  "r[əe]y (?:yaz|bildir).{0,20}|[şs][əe]rh (?:yaz|bildir).{0,20}|bizi .{1,40} izl[əe]yin|x[əe]b[əe]r lenti",
  "b[üu]t[üu]n x[əe]b[əe]rl[əe]r|son x[əe]b[əe]rl[əe]r|[əe]n [çc]ox oxunanlar|payla[şs]",
  "оставить (?:отзыв|комментарий)|(?:добавить|написать) комментарий|комментарии(?: ?\\(\\d{1,6}\\))?",
  "(?:подписывайтесь|подпишитесь|следите за нами|читайте нас).{0,60}|лента новостей|поделиться.{0,30}",
  "(?:все|последние|другие) новости|новости по теме|читайте также|версия для печати|все права защищены.{0,80}",
  "kommentar schreiben|folgen sie uns.{0,40}|mehr zum thema|laisser un commentaire|suivez-nous.{0,40}|lire aussi",
  "yorum yaz|bizi takip edin.{0,30}|deja un comentario|síguenos.{0,40}",
]);
/** These stand in stories as well: they go only where no text follows. */
const LAST = one([
  "(?:views?|reads?|viewed|shares|likes) ?:? ?\\d[\\d., ]{0,9}(?: times)?|\\d[\\d., ]{0,9} (?:views|reads|comments|shares|likes)",
  "facebook|twitter|telegram|whats ?app|instagram|youtube|linkedin|vkontakte|rss|e-?mail|copy link|popular|sponsored",
  "copyright\\b.{0,120}|.{0,60}all rights reserved.{0,60}|.{0,60}(?:terms of use|privacy policy).{0,60}|advertise?ment",
  "(?:tel|phone|fax|mob|e-?mail|contacts?|contact us)\\b\\.? ?:.{0,80}|subscribe(?: (?:to|now|for) .{1,60})?|sign up.{0,40}",
  "oxunu[şs].{0,12}|bax[ıi][şs].{0,12}|просмотр(?:ов|ы).{0,12}|реклама|распечатать|drucken|teilen|partager|compartir",
]);
/** Pieces that a page may set in one line: `Leave a review Follow us on social networks News Line`. */
const PIECE =
  /^(?:leave a (?:review|comment)|follow us on social (?:networks|media)|news line|in focus|read also|share|print|facebook|twitter|telegram|whatsapp|instagram|youtube)(?:$|[\s|/·•,]{1,9})/iu;
const MOST_PIECES = 12;
const ABOVE = one([
  "(?:all|latest|main) news|news(?: ?line| feed)|in focus|home(?: page)?|main(?: page)?|menu|search|log ?in|sign in",
  "subscribe|archive|about(?: us)?|contacts?|skip to (?:main )?content|video|photo|opinion",
  "politics|economy|economics|finance|business|energy|society|social|sports?|culture|world|regions?|incidents?",
  "interviews?|analytics|(?:en|az|ru|рус|eng|aze)(?: ?[|/,] ?\\p{L}{2,3}){0,9}|\\p{L}{2,20} (?:news|information) agency",
  "agency news|x[əe]b[əe]r lenti|лента новостей|главная|siyas[əe]t|iqtisadiyyat|c[əe]miyy[əe]t|политика|экономика|общество",
]);
/** `Home » News » Politics`. */
const TRAIL = /^[^«»›]{1,60}\s[»›]\s[^«]{1,200}$/u;

function one(rows: readonly string[]): RegExp {
  return new RegExp(`^(?:${rows.join("|")})$`, "iu");
}

/** A teaser of another story ends in its date: `Port opens - 9 August 2021 12:55`. */
const TEASER = /^.{0,200}?[-–—|] ?\d{1,2} \p{L}{3,} \d{4}(?:,? \d{1,2}:\d{2}(?::\d{2})?)?$/u;
const CAPTION =
  /^\(?(?:photo|image|picture|foto|illustration|file photo|фото|şəkil)s?(?:\s*[:©(–—-]|\s+(?:by|courtesy|from)\b).{0,200}$/iu;
const FIRST_VERSION =
  /^\(?(?:first (?:version )?published|published first|last (?:updated|modified)|updated|modified)(?: at| on)?:? .{0,40}\d{1,2}[:.]\d{2}.{0,30}$/iu;
const LINK = /^<?(?:https?:\/\/|www\.)[^\s<>]{1,500}>?$/iu;
const LONGEST = 300;

/** `cut`: it and all below it; `line`: itself only. */
export function furnitureReach(written: string): "cut" | "line" | undefined {
  if (written.length > LONGEST) return undefined;
  const line = withoutSigns(written);
  if (BELOW.test(line) || isRow(line) || TEASER.test(written)) return "cut";
  return CAPTION.test(written) || FIRST_VERSION.test(written) ? "line" : undefined;
}

/** What stands above the headline is furniture, or the names of the page and of its sections. */
export function isFurnitureAbove(written: string): boolean {
  const line = withoutSigns(toPlainLine(written));
  return line === "" || ABOVE.test(line) || isRow(line) || TRAIL.test(line);
}

/** What no text follows may be the page's though stories hold it, too: its links, numbers and counters. */
export function isFurnitureLast(paragraph: string): boolean {
  return paragraph.split("\n").every((written) => {
    const line = written.trim();
    return line.length <= LONGEST && (LINK.test(line) || LAST.test(withoutSigns(line)));
  });
}

/** Arrows, bars and colons around the words of a page's own links. */
function withoutSigns(line: string): string {
  return line.replace(/^[\s|»«›‹→•·*#[<>]+/u, "").replace(/[\s|»«›‹→•·*:…\]<>]+$/u, "");
}

function isRow(line: string): boolean {
  let rest = line;
  for (let pieces = 0; pieces < MOST_PIECES; pieces += 1) {
    const found = PIECE.exec(rest)?.[0];
    if (found === undefined) return false;
    rest = rest.slice(found.length);
    if (rest === "") return true;
  }
  return false;
}
