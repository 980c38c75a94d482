import { benchDelivery } from "./delivery.ts";
import { benchHostile } from "./hostile.ts";
import { benchIngest } from "./ingest.ts";
import { benchPages } from "./pages.ts";
import { benchParse } from "./parse.ts";
import { benchPolls } from "./polls.ts";
import { benchPush } from "./push.ts";

/** `npm run bench` runs all; `npm run bench -- ingest` one. */
const BENCHES: Record<string, () => Promise<void>> = {
  parse: benchParse,
  hostile: benchHostile,
  ingest: benchIngest,
  push: benchPush,
  delivery: benchDelivery,
  pages: benchPages,
  polls: benchPolls,
};

const wanted = process.argv.slice(2).filter((word) => !word.startsWith("-"));
const unknown = wanted.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no bench ${unknown.join(", ")}. There are ${Object.keys(BENCHES).join(", ")}.\n`,
  );
  process.exit(1);
}
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length === 0 || wanted.includes(name)) await bench();
}
process.exit(0);
