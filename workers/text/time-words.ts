/**
 * Month names as wires write them, one row a month: English, German, Portuguese, Azeri, French, Spanish,
 * Italian, Russian, Dutch, Turkish and Scandinavian. Names that mean different months in two languages (the
 * Slavic listopad) are not here. Written as `foldWord` leaves them.
 */
const MONTHS: readonly string[] = [
  "january jan januar janner jaenner jan janeiro yanvar yan janvier janv enero ene gennaio gen января январь янв januari ocak",
  "february feb februar feber fevereiro fev fevral fevrier fevr febrero febbraio февраля февраль февр фев februari subat",
  "march mar marz maerz mrz marco mart mars marzo марта март мар maart mrt marts",
  "april apr abril abr aprel avril avr aprile апреля апрель апр nisan",
  "may mai maio mayo mag maggio мая май mei maj mayis",
  "june jun juni junho iyun iyn juin junio giugno giu июня июнь июн haziran",
  "july jul juli julho iyul iyl juillet juil julio luglio lug июля июль июл temmuz",
  "august aug agosto ago avqust avq aout август августа авг augustus augusti agustos",
  "september sept sep setembro set sentyabr sen septembre septiembre setiembre settembre сентября сентябрь сент сен eylul",
  "october oct oktober okt outubro out oktyabr octobre octubre ottobre ott октября октябрь окт ekim",
  "november nov novembro noyabr noy novembre noviembre ноября ноябрь нояб ноя kasim",
  "december dec dezember dez dezembro dekabr dek decembre diciembre dic dicembre декабря декабрь дек desember des aralik",
];

/** Monday first, as ISO counts. */
const WEEKDAYS: readonly string[] = [
  "monday mon montag mo segunda seg bazar-ertesi lundi lun lunes lunedi понедельник пн maandag ma mandag pazartesi",
  "tuesday tue tues dienstag di terca ter cersenbe-axsami mardi mar martes martedi вторник вт dinsdag tirsdag tisdag sali",
  "wednesday wed mittwoch mi quarta qua cersenbe mercredi mer miercoles mie mercoledi среда ср woensdag onsdag carsamba",
  "thursday thu thur thurs donnerstag do quinta qui cume-axsami jeudi jeu jueves jue giovedi gio четверг чт donderdag torsdag persembe",
  "friday fri freitag fr sexta sex cume vendredi ven viernes vie venerdi пятница пт vrijdag fredag cuma",
  "saturday sat samstag sa sonnabend sabado sab senbe samedi sam sabato суббота сб zaterdag lordag cumartesi",
  "sunday sun sonntag so domingo dom bazar dimanche dim domenica воскресенье вс zondag sondag pazar",
];

const monthByName = index(MONTHS);
const weekdayByName = index(WEEKDAYS);

function index(rows: readonly string[]): ReadonlyMap<string, number> {
  return new Map(
    rows.flatMap((row, at) => row.split(" ").map((name): [string, number] => [foldWord(name), at + 1])),
  );
}

/** Case, accents and a closing full stop do not tell names apart. */
function foldWord(word: string): string {
  return word
    .toLowerCase()
    .replace(/ı/gu, "i")
    .replace(/ə/gu, "e")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/ø/gu, "o")
    .replace(/\.$/u, "");
}

/** 1 to 12. */
export function toMonth(word: string): number | undefined {
  return monthByName.get(foldWord(word));
}

/** 1 is Monday. */
export function toWeekday(word: string): number | undefined {
  return weekdayByName.get(foldWord(word).replace(/-(?:feira|feria)$/u, ""));
}

/**
 * Zone names and their offsets in minutes. Where a name has several meanings the first is taken, unless the
 * source's own zone has one of the others at that moment (CST from Shanghai, BST from Dhaka).
 */
const ZONES: Readonly<Record<string, readonly number[]>> = {
  z: [0],
  ut: [0],
  utc: [0],
  gmt: [0],
  wet: [0],
  west: [60],
  bst: [60, 360],
  ist: [330, 60, 120],
  cet: [60],
  met: [60],
  mez: [60],
  cest: [120],
  mest: [120],
  mesz: [120],
  eet: [120],
  sast: [120],
  cat: [120],
  eest: [180],
  eat: [180],
  trt: [180],
  msk: [180, 240],
  мск: [180, 240],
  msd: [240],
  gst: [240],
  azt: [240],
  azst: [300],
  amt: [240, -240],
  get: [240],
  pkt: [300],
  uzt: [300],
  wib: [420],
  ict: [420],
  sgt: [480],
  hkt: [480],
  pht: [480],
  awst: [480],
  jst: [540],
  kst: [540],
  acst: [570],
  acdt: [630],
  aest: [600],
  aedt: [660],
  nzst: [720],
  nzdt: [780],
  nst: [-210],
  ndt: [-150],
  ast: [-240, 180],
  adt: [-180],
  art: [-180],
  brt: [-180],
  brst: [-120],
  est: [-300, 600],
  edt: [-240, 660],
  cst: [-360, 480, 570],
  cdt: [-300],
  mst: [-420],
  mdt: [-360],
  pst: [-480, 480],
  pdt: [-420],
  akst: [-540],
  akdt: [-480],
  hst: [-600],
};

export function zoneOffsets(name: string): readonly number[] | undefined {
  const key = name.toLowerCase().replaceAll(".", "");
  return Object.hasOwn(ZONES, key) ? ZONES[key] : undefined;
}
