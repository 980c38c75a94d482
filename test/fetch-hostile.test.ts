import { createServer as createTcpServer } from "node:net";
import { brotliCompressSync, constants, deflateSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MOST_DELIVERY_BYTES } from "../src/store/deliveries.ts";
import { AddressGuard } from "../workers/sources/address-guard.ts";
import { type FetchOptions, guardedFetch } from "../workers/sources/fetch.ts";
import { type Endpoint, startEndpoint } from "./support/endpoint.ts";

const MB = 2 ** 20;
const guard = new AddressGuard(["127.0.0.0/8"]);

let server: Endpoint;
beforeEach(async () => {
  server = await startEndpoint((_request, response) => response.end("<rss/>"));
});
afterEach(() => server.close());

function fetchIt(options: Partial<FetchOptions> = {}) {
  return guardedFetch(`${server.url}/feed`, { guard, ...options });
}

test.each([
  ["gzip", gzipSync],
  ["x-gzip", gzipSync],
  ["GZIP", gzipSync],
  ["br", brotliCompressSync],
  ["deflate", deflateSync],
  ["identity", (text: string) => Buffer.from(text)],
])("FET8 a body encoded as %s is decoded", async (encoding, encode) => {
  server.answer((_request, response) => {
    response.writeHead(200, { "content-encoding": encoding, "content-type": "application/rss+xml" });
    response.end(encode("<rss>Grüße</rss>"));
  });
  const fetched = await fetchIt();
  expect(fetched).toMatchObject({ status: 200, url: `${server.url}/feed` });
  expect(fetched.body.toString()).toBe("<rss>Grüße</rss>");
  expect(fetched.headers.get("content-type")).toBe("application/rss+xml");
});

test.each([
  ["gzip", gzipSync(Buffer.alloc(50 * MB))],
  ["br", brotliCompressSync(Buffer.alloc(50 * MB), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
  ["deflate", deflateSync(Buffer.alloc(50 * MB))],
])("FET9 a %s bomb ends when it has grown too large", async (encoding, bomb) => {
  expect(bomb.length).toBeLessThan(MB / 10);
  server.answer((_request, response) => {
    response.writeHead(200, { "content-encoding": encoding });
    response.end(bomb);
  });
  await expect(fetchIt()).rejects.toMatchObject({ code: "too_large" });
});

/** Sends `piece` again and again until the other side has had enough; says how much that was. */
function endless(piece: Buffer, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve) => {
    server.answer((_request, response) => {
      let sent = 0;
      response.on("close", () => resolve(sent));
      response.writeHead(200, headers);
      const more = () => {
        while (!response.destroyed && response.write(piece)) sent += piece.length;
        sent += piece.length;
      };
      response.on("drain", more);
      more();
    });
  });
}

test("FET9 an endless body ends at 15 MB", async () => {
  const sent = endless(Buffer.alloc(256 * 1024, "x"));
  await expect(fetchIt()).rejects.toMatchObject({
    code: "too_large",
    message: expect.stringContaining("15 MB"),
  });
  // The rest of what was sent stood in the buffers between the two.
  expect(await sent).toBeLessThan(MOST_DELIVERY_BYTES + 8 * MB);
});

test("FET9 an endless row of empty gzip parts ends, though it decodes to nothing", async () => {
  const empty = gzipSync("");
  const sent = endless(Buffer.concat(Array.from({ length: 5_000 }, () => empty)), {
    "content-encoding": "gzip",
  });
  await expect(fetchIt()).rejects.toMatchObject({ code: "too_large" });
  expect(await sent).toBeLessThan(MOST_DELIVERY_BYTES + 8 * MB);
});

test("FET9 a body in single bytes ends long before 15 MB of them", async () => {
  const one = Buffer.from("1\r\nx\r\n");
  const flood = Buffer.concat(Array.from({ length: 10_000 }, () => one));
  const raw = createTcpServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.resume();
    socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
    const more = () => {
      while (!socket.destroyed && socket.write(flood)) continue;
    };
    socket.on("drain", more);
    more();
  });
  await new Promise<void>((resolve) => raw.listen(0, "127.0.0.1", resolve));
  const address = raw.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const fetching = guardedFetch(`http://127.0.0.1:${port}/`, { guard });
  await expect(fetching).rejects.toMatchObject({ code: "too_large" });
  await new Promise((resolve) => raw.close(resolve));
});

test("FET10 a body that comes one byte at a time ends when its time is over", async () => {
  server.answer((_request, response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write("x"), 20);
    response.on("close", () => clearInterval(timer));
  });
  const fetching = fetchIt({ timeoutMs: 300 });
  await expect(fetching).rejects.toMatchObject({
    code: "fetch_failed",
    message: /no whole answer within 0.3 s/,
  });
});

test("FET10 a broken compressed body ends at once, though its server goes on sending slowly", async () => {
  server.answer((_request, response) => {
    response.writeHead(200, { "content-encoding": "gzip" });
    response.write("this is no gzip");
  });
  await expect(fetchIt()).rejects.toMatchObject({
    code: "fetch_failed",
    message: /compressed answer that is broken/,
  });
});

test("FET10 a server that takes the request and says nothing is left when its time is over", async () => {
  server.answer(() => {});
  await expect(fetchIt({ timeoutMs: 200 })).rejects.toMatchObject({ code: "fetch_failed" });
});

test("FET10 time counts over all hops together", async () => {
  server.answer((_request, response) => {
    setTimeout(() => response.writeHead(302, { location: "/again" }).end(), 90);
  });
  await expect(fetchIt({ timeoutMs: 200 })).rejects.toMatchObject({ message: /no whole answer/ });
  expect(server.requests.length).toBeLessThan(5);
});

test("FET11 a caller that closes ends the fetch with its own reason", async () => {
  const controller = new AbortController();
  server.answer(() => controller.abort(new Error("closing")));
  await expect(fetchIt({ signal: controller.signal })).rejects.toThrow("closing");
  await expect(fetchIt({ signal: controller.signal })).rejects.toThrow("closing");
  expect(server.requests).toHaveLength(1);
});

test("FET12 headers beyond 32 KB are not read", async () => {
  server.answer((_request, response) =>
    response.writeHead(200, { "x-filler": "y".repeat(40_000) }).end("late"),
  );
  await expect(fetchIt()).rejects.toMatchObject({ message: /more than 32 KB of headers/ });
});

test("FET13 half an answer is no answer", async () => {
  server.answer((_request, response) => {
    response.writeHead(200, { "content-length": "1000" });
    response.write("<rss>half", () => response.destroy());
  });
  await expect(fetchIt()).rejects.toMatchObject({ code: "fetch_failed" });
  const whole = gzipSync("<rss/>".repeat(1000));
  server.answer((_request, response) => {
    response.writeHead(200, { "content-encoding": "gzip" });
    response.end(whole.subarray(0, whole.length - 12));
  });
  await expect(fetchIt()).rejects.toMatchObject({ code: "fetch_failed", message: /cut off/ });
});

test.each(["gzip, gzip", "compress", "zstd"])(
  "FET14 an encoding nobody asked for is refused: %s",
  async (encoding) => {
    server.answer((_request, response) => response.writeHead(200, { "content-encoding": encoding }).end("?"));
    await expect(fetchIt()).rejects.toMatchObject({ code: "fetch_failed", message: /nobody asked for/ });
  },
);

test("FET15 at most five redirects are followed, and a loop ends", async () => {
  server.answer((request, response) => {
    const left = Number(new URL(request.url ?? "", server.url).searchParams.get("left"));
    if (left === 0) response.end("there");
    else response.writeHead(307, { location: `?left=${left - 1}` }).end();
  });
  const five = await guardedFetch(`${server.url}/deep/feed?left=5#part`, { guard });
  expect(five).toMatchObject({ url: `${server.url}/deep/feed?left=0` });
  expect(five.body.toString()).toBe("there");
  const six = guardedFetch(`${server.url}/deep/feed?left=6`, { guard });
  await expect(six).rejects.toMatchObject({ code: "fetch_failed", message: /more than 5 times/ });
});

test("FET16 a move for good is told as far as every hop was for good", async () => {
  const hops: Record<string, [number, string]> = {
    "/feed": [301, "/second"],
    "/second": [308, "/third"],
    "/third": [302, "/fourth"],
    "/fourth": [301, "/last"],
  };
  server.answer((request, response) => {
    const [status, location] = hops[request.url ?? ""] ?? [200, undefined];
    response.writeHead(status, location === undefined ? {} : { location }).end();
  });
  expect(await fetchIt()).toMatchObject({ url: `${server.url}/last`, movedTo: `${server.url}/third` });
  const direct = await guardedFetch(`${server.url}/last`, { guard });
  expect(direct.movedTo).toBeUndefined();
});

test("FET17 each hop is announced before its connection is made", async () => {
  const hops: string[] = [];
  server.answer((request, response) => {
    if (request.url === "/feed") response.writeHead(302, { location: "/other" }).end();
    else response.end();
  });
  await fetchIt({
    beforeHop: async (url) => {
      hops.push(`${url.pathname} after ${server.requests.length}`);
    },
  });
  expect(hops).toEqual(["/feed after 0", "/other after 1"]);
});

test.each([
  ["http://127.0.0.1:1/", /refuses connections/],
  ["http://no-such-host.invalid/", /has no address/],
])("FET18 a fault is told in a sentence: %s", async (address, sentence) => {
  const fetching = guardedFetch(address, { guard });
  await expect(fetching).rejects.toMatchObject({ code: "fetch_failed", message: sentence });
});
