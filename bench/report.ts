/** One figure of one run. `ratio` compares it with the peer that ran beside it. */
export interface Figure {
  bench: string;
  figure: string;
  value: number;
  unit: string;
  peer?: string;
  ratio?: number;
}

/** A line a figure: words on a terminal, JSON with `--json`. */
export function report(figure: Figure): void {
  if (process.argv.includes("--json")) {
    process.stdout.write(`${JSON.stringify(figure)}\n`);
    return;
  }
  const { bench, figure: name, value, unit, peer, ratio } = figure;
  const compared = ratio === undefined ? "" : `   ${ratio} × ${peer}`;
  process.stdout.write(
    `${bench.padEnd(9)} ${name.padEnd(46)} ${String(value).padStart(10)} ${unit}${compared}\n`,
  );
}

export function progress(words: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${words}`);
}
