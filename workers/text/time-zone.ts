import { IANAZone } from "luxon";
import { atOffset, type Instant, inZone, offsetInZone } from "./local-time.ts";

const HALF_A_YEAR = 182 * 24 * 60 * 60_000;

/**
 * Zone names and their offsets in minutes. Where a name has several meanings the first is taken, unless the
 * source's own zone has one of the others (CST from Shanghai, BST from Dhaka, IST from Dublin).
 */
const OFFSETS: Readonly<Record<string, readonly number[]>> = {
  z: [0],
  ut: [0],
  utc: [0],
  gmt: [0],
  wet: [0],
  west: [60],
  wat: [60],
  bst: [60, 360],
  ist: [330, 60, 120],
  idt: [180],
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
  irst: [210],
  irdt: [270],
  gst: [240],
  azt: [240],
  azst: [300],
  amt: [240, -240],
  get: [240],
  aft: [270],
  pkt: [300],
  uzt: [300],
  yekt: [300],
  npt: [345],
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
  // Australians write EST for both of their eastern times.
  est: [-300, 600, 660],
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

/** Names of a clock on the wall, winter and summer alike. */
const WALL_CLOCKS: Readonly<Record<string, string>> = {
  et: "America/New_York",
  ct: "America/Chicago",
  mt: "America/Denver",
  pt: "America/Los_Angeles",
};

/**
 * What stands after a clock: nothing, an offset, a zone's name, or both in one form or another. Undefined: it is
 * something else, so the text is no time.
 */
export function readZone(rest: string, clockMs: number, zone: string): Instant | undefined {
  const written = rest
    .replace(/^\s*(?:Uhr|uur|hrs?|hours|ч\.?|h)(?!\p{L})\.?/iu, "")
    .replace(/^\s*[,-]\s+(?=\p{L})/u, " ")
    .trim()
    .replace(/^\((.*)\)$/u, "$1");
  if (written === "") return inZone(clockMs, zone);
  const groups =
    /^(?:(?:GMT|UTC?)\s?)?(?<sign>[+-])(?<h>\d{1,2}):?(?<m>\d{2})?(?:\s?\(.{1,50}\)|\s?\[[\w/+-]+\]|\s(?<name>\p{L}{2,5}))?$/iu.exec(
      written,
    )?.groups;
  if (groups !== undefined) return readOffset(groups, clockMs);
  return readName(written.replace(/^Z\[[\w/+-]+\]$/iu, "Z"), clockMs, zone);
}

function readOffset(groups: Record<string, string | undefined>, clockMs: number): Instant | undefined {
  const hours = Number(groups["h"]);
  const minutes = Number(groups["m"] ?? 0);
  if (hours > 14 || minutes > 59) return undefined;
  const offset = (groups["sign"] === "-" ? -1 : 1) * (hours * 60 + minutes);
  // `+0200 CEST`: a name that says something else makes it no time.
  const name = groups["name"];
  if (name !== undefined && !offsetsOf(name)?.includes(offset)) return undefined;
  return atOffset(clockMs, offset);
}

function readName(name: string, clockMs: number, zone: string): Instant | undefined {
  const offsets = offsetsOf(name);
  if (offsets !== undefined) return readNamedOffset(offsets, name, clockMs, zone);
  const key = toKey(name);
  if (Object.hasOwn(WALL_CLOCKS, key)) return inZone(clockMs, WALL_CLOCKS[key] ?? zone);
  const city = name.replace(/^\[(.*)\]$/u, "$1");
  return city.includes("/") && IANAZone.isValidZone(city) ? inZone(clockMs, city) : undefined;
}

function offsetsOf(name: string): readonly number[] | undefined {
  const key = toKey(name);
  return Object.hasOwn(OFFSETS, key) ? OFFSETS[key] : undefined;
}

function toKey(name: string): string {
  return name.toLowerCase().replaceAll(".", "");
}

function readNamedOffset(
  [first = 0, ...others]: readonly number[],
  name: string,
  clockMs: number,
  zone: string,
): Instant {
  const other = others.length > 0 ? ownOffset([first, ...others], clockMs, zone) : undefined;
  if (other === undefined || other === first) return atOffset(clockMs, first);
  return { ...atOffset(clockMs, other), note: `${name} read as the source's own ${toOffsetText(other)}` };
}

/** The meaning that the source's own zone has at that moment, else at another time of the year. */
function ownOffset(meanings: readonly number[], clockMs: number, zone: string): number | undefined {
  const moments = [clockMs, clockMs - HALF_A_YEAR, clockMs + HALF_A_YEAR];
  return moments.map((moment) => offsetInZone(moment, zone)).find((offset) => meanings.includes(offset));
}

function toOffsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const clock = [Math.floor(size / 60), size % 60].map((part) => String(part).padStart(2, "0")).join(":");
  return (minutes < 0 ? "-" : "+") + clock;
}
