import { styleText } from "node:util";
import { SingleBar } from "cli-progress";

/** What a command prints: one JSON value a line for programs, words for people. */
export function print(json: boolean | undefined, value: unknown, words: string): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${words}\n`);
}

type Style = Parameters<typeof styleText>[0];

/** Colour on a terminal; nothing in a pipe or with NO_COLOR. */
export function style(format: Style, text: string): string {
  return styleText(format, text, { stream: process.stdout });
}

/** Rows in columns as wide as their longest cell. */
export function toTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** A reader that has seen enough, such as `head`, closes the pipe: no failure of ours. */
export function endQuietlyWithPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      process.exit(process.exitCode ?? 0);
    });
  }
}

export interface Progress {
  step(by?: number): void;
  stop(): void;
}

/**
 * A progress bar on a terminal, silence elsewhere. Rows that are printed on the same terminal would run through it,
 * and are progress enough.
 */
export function createProgress(
  total: number,
  what: string,
  { printsRows }: { printsRows: boolean },
): Progress {
  const isCrossed = printsRows && process.stdout.isTTY;
  if (!process.stderr.isTTY || isCrossed || total < 2) return { step: () => {}, stop: () => {} };
  const bar = new SingleBar({
    format: `${what} {bar} {percentage}% {eta_formatted}`,
    stream: process.stderr,
    clearOnComplete: true,
  });
  bar.start(total, 0);
  return { step: (by = 1) => bar.increment(by), stop: () => bar.stop() };
}

/** `2016-09-28T06:34:24.000Z` → `06:34:24`, in UTC as the log and the API have it. */
export function toClock(instant: string): string {
  return instant.slice(11, 19);
}
