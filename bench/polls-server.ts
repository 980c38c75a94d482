import { createHash } from "node:crypto";
import { createServer } from "node:http";

/** A process of its own, so that what the servers cost is not counted as ours. Every address has another feed. */
const server = createServer((request, response) => {
  const address = `${request.headers.host}${request.url}`;
  const items = Array.from(
    { length: 20 },
    (_, i) =>
      `<item><guid>${address}-${i}</guid><title>Berth ${i} of Selin harbour opens again</title></item>`,
  );
  const etag = `"${createHash("sha256").update(address).digest("hex").slice(0, 12)}"`;
  const isKnown = request.headers["if-none-match"] === etag;
  response.writeHead(isKnown ? 304 : 200, { etag, "content-type": "application/rss+xml" });
  response.end(
    isKnown ? "" : `<rss version="2.0"><channel><title>Selin</title>${items.join("")}</channel></rss>`,
  );
});
server.listen(0, "0.0.0.0", () => {
  const address = server.address();
  if (address !== null && typeof address === "object") process.send?.(address.port);
});
