/**
 * Month names as wires write them, one row a month: English, German, Portuguese, Azeri, French, Spanish,
 * Italian, Russian, Dutch, Turkish, Scandinavian, Finnish, Romanian, Polish, Czech, Hungarian, Greek and
 * Ukrainian. Names that mean different months in two languages (the Slavic listopada and lip) are not here.
 */
const MONTHS: readonly string[] = [
  "january jan januar janner jaenner jan janeiro yanvar yan janvier janv enero ene gennaio gen января январь янв januari ocak tammikuuta tammikuu ianuarie stycznia ledna ιανουαριου січня oca ian ιαν січ sty",
  "february feb februar feber fevereiro fev fevral fevrier fevr febrero febbraio февраля февраль февр фев februari subat helmikuuta helmikuu februarie lutego unora φεβρουαριου лютого sub febr φεβ лют lut",
  "march mar marz maerz mrz marco mart mars marzo марта март мар maart mrt marts maaliskuuta maaliskuu martie marca brezna marcius μαρτιου березня marc μαρ бер",
  "april apr abril abr aprel avril avr aprile апреля апрель апр nisan huhtikuuta huhtikuu aprilie kwietnia dubna aprilis απριλιου квітня nis απρ квіт kwi",
  "may mai maio mayo mag maggio мая май mei maj mayis toukokuuta toukokuu maja kvetna majus μαιου травня μαι трав",
  "june jun juni junho iyun iyn juin junio giugno giu июня июнь июн haziran kesakuuta kesakuu iunie czerwca cervna junius ιουνιου червня haz iun ιουν черв cze",
  "july jul juli julho iyul iyl juillet juil julio luglio lug июля июль июл temmuz heinakuuta heinakuu iulie lipca cervence julius ιουλιου липня tem iul ιουλ лип juill",
  "august aug agosto ago avqust avq aout август августа авг augustus augusti agustos elokuuta elokuu sierpnia srpna augusztus αυγουστου серпня agu αυγ серп sie",
  "september sept sep setembro set sentyabr sen septembre septiembre setiembre settembre сентября сентябрь сент сен eylul syyskuuta syyskuu septembrie wrzesnia zari szeptember σεπτεμβριου вересня eyl szept σεπ вер wrz",
  "october oct oktober okt outubro out oktyabr octobre octubre ottobre ott октября октябрь окт ekim lokakuuta lokakuu octombrie pazdziernika rijna οκτωβριου жовтня eki οκτ жовт paz",
  "november nov novembro noyabr noy novembre noviembre ноября ноябрь нояб ноя kasim marraskuuta marraskuu noiembrie listopadu νοεμβριου листопада kas νοε лист",
  "december dec dezember dez dezembro dekabr dek decembre diciembre dic dicembre декабря декабрь дек desember des aralik joulukuuta joulukuu decembrie grudnia prosince δεκεμβριου грудня ara δεκ груд gru",
];

/** Monday first, as ISO counts. */
const WEEKDAYS: readonly string[] = [
  "monday mon montag mo segunda seg bazar-ertesi lundi lun lunes lunedi понедельник пн maandag ma mandag pazartesi maanantai luni poniedzialek pondeli hetfo δευτερα понеділок",
  "tuesday tue tues dienstag di terca ter cersenbe-axsami mardi mar martes martedi вторник вт dinsdag tirsdag tisdag sali tiistai ti marti wtorek utery kedd τριτη вівторок",
  "wednesday wed mittwoch mi quarta qua cersenbe mercredi mer miercoles mie mercoledi среда ср woensdag onsdag carsamba weds keskiviikko ke miercuri sroda streda szerda τεταρτη середа",
  "thursday thu thur thurs donnerstag do quinta qui cume-axsami jeudi jeu jueves jue giovedi gio четверг чт donderdag torsdag persembe torstai to joi czwartek ctvrtek csutortok πεμπτη четвер",
  "friday fri freitag fr sexta sex cume vendredi ven viernes vie venerdi пятница пт vrijdag fredag cuma perjantai pe vineri piatek patek pentek παρασκευη п'ятниця",
  "saturday sat samstag sa sonnabend sabado sab senbe samedi sam sabato суббота сб zaterdag lordag cumartesi lauantai la sambata sobota szombat σαββατο субота",
  "sunday sun sonntag so domingo dom bazar dimanche dim domenica воскресенье вс zondag sondag pazar sunnuntai su duminica niedziela nedele vasarnap κυριακη неділя",
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
    .replace(/ł/gu, "l")
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
