/** What a program put in front of every line: `12 `, `12: `, `> `. */
const NUMBERED = /^[ \t]{0,8}(?<number>\d{1,5})(?:[:.)|]|(?=[ \t]|$))[ \t]?(?<rest>.*)$/u;
const QUOTED = /^> ?/u;
const FEWEST = 4;

/** Text without line numbers or quoting signs, where every line of it has them. */
export function unframe(text: string): string {
  if (!/^\s*(?:\d|>)/u.test(text)) return text;
  const lines = text.trim().split(/\r\n|\r|\n/u);
  const filled = lines.filter((line) => line.trim() !== "");
  if (filled.length < FEWEST) return text;
  if (filled.every((line) => QUOTED.test(line))) {
    return lines.map((line) => line.replace(QUOTED, "")).join("\n");
  }
  return toUnnumbered(lines) ?? text;
}

/** Undefined unless the numbers count up by one from line to line, blank ones counted or not. */
function toUnnumbered(lines: readonly string[]): string | undefined {
  let last: number | undefined;
  const rest: string[] = [];
  for (const line of lines) {
    if (line.trim() === "") {
      rest.push("");
      continue;
    }
    const groups = NUMBERED.exec(line)?.groups;
    const number = Number(groups?.["number"]);
    const isNext = last === undefined || number === last + 1 || (rest.at(-1) === "" && number === last + 2);
    if (groups === undefined || !isNext) return undefined;
    last = number;
    rest.push(groups["rest"] ?? "");
  }
  return rest.join("\n");
}
