import { createServer, type Server } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AddressGuard, type Lookup } from "../workers/sources/address-guard.ts";
import { guardedFetch } from "../workers/sources/fetch.ts";
import { type Endpoint, startEndpoint } from "./support/endpoint.ts";

/** Listens on every address of this machine and counts who connects. */
let canary: Server;
let contacts = 0;
let port = 0;
beforeAll(async () => {
  canary = createServer((socket) => {
    contacts += 1;
    socket.on("error", () => socket.destroy());
    socket.resume();
    socket.end("HTTP/1.1 200 OK\r\ncontent-length: 6\r\nconnection: close\r\n\r\nsecret");
  });
  await new Promise<void>((resolve) => canary.listen(0, "::", resolve));
  const address = canary.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});
afterAll(() => new Promise((resolve) => canary.close(resolve)));

const nobody = new AddressGuard([]);

/** A name server that gives these answers, one after the other, the last one for ever. */
function answering(...answers: string[][]): { lookup: Lookup; asked: () => number } {
  let asked = 0;
  const lookup: Lookup = (_name, _options, done) => {
    const answer = answers[Math.min(asked, answers.length - 1)] ?? [];
    asked += 1;
    done(
      null,
      answer.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  };
  return { lookup, asked: () => asked };
}

const FORMS = [
  "127.0.0.1",
  "127.1",
  "127.0.0.1.",
  "2130706433",
  "0x7f000001",
  "0x7f.1",
  "0177.0.0.1",
  "017700000001",
  "0",
  "0.0.0.0",
  "127.8.9.10",
  "127%2e0%2e0%2e1",
  "１２７.０.０.１",
  "①②⑦.⓪.⓪.①",
  "localhost",
  "LOCALHOST",
  "[::1]",
  "[::]",
  "[0:0:0:0:0:0:0:1]",
  "[::ffff:127.0.0.1]",
  "[::ffff:7f00:1]",
  "[0:0:0:0:0:ffff:7f00:0001]",
  "[::127.0.0.1]",
  "[::ffff:0:127.0.0.1]",
  "[64:ff9b::127.0.0.1]",
  "[64:ff9b::7f00:1]",
  "[64:ff9b:1::127.0.0.1]",
  "[2002:7f00:1::]",
  "[fe80::1]",
];

test.each(FORMS)("FET1 the canary on loopback is not contacted as http://%s", async (form) => {
  const before = contacts;
  const address = `http://${form}:${port}/`;
  await expect(guardedFetch(address, { guard: nobody })).rejects.toMatchObject({ code: "address_refused" });
  expect(contacts).toBe(before);
});

test("FET1 the canary would have been seen, had it been contacted", async () => {
  const fetched = await guardedFetch(`http://127.1:${port}/`, { guard: new AddressGuard(["127.0.0.0/8"]) });
  expect(fetched.body.toString()).toBe("secret");
  expect(contacts).toBe(1);
});

test("FET2 a redirect to the canary is not followed, whatever form it has", async () => {
  const before = contacts;
  const outside = await startEndpoint(() => {}, "127.0.0.9");
  const guard = new AddressGuard(["127.0.0.9/32"]);
  for (const form of FORMS) {
    // Header bytes as a careless server sends them: UTF-8, unescaped.
    const location = Buffer.from(`http://${form}:${port}/`).toString("latin1");
    outside.answer((_request, response) => response.writeHead(302, { location }).end());
    const fetching = guardedFetch(outside.url, { guard });
    await expect(fetching, form).rejects.toMatchObject({ code: "address_refused" });
  }
  expect(contacts).toBe(before);
  await outside.close();
});

test("FET3 a name that leads to loopback, alone or among others, does not reach it", async () => {
  const before = contacts;
  for (const answer of [
    ["127.0.0.1"],
    ["::1"],
    ["10.0.0.1", "127.0.0.1"],
    ["::ffff:127.0.0.1"],
    ["fe80::1%lo"],
  ]) {
    const guard = new AddressGuard([], answering(answer).lookup);
    const fetching = guardedFetch(`http://feeds.example:${port}/`, { guard });
    await expect(fetching).rejects.toMatchObject({ code: "address_refused" });
  }
  expect(contacts).toBe(before);
});

test("FET3 the address that was judged is the one connected to: a name that flips is asked once", async () => {
  const before = contacts;
  const flipping = answering(["127.0.0.9"], ["127.0.0.1"]);
  const guard = new AddressGuard(["127.0.0.9/32"], flipping.lookup);
  const elsewhere = await startEndpoint((_request, response) => response.end("public"), "127.0.0.9");
  const fetched = await guardedFetch(`http://feeds.example:${elsewhere.port}/`, { guard });
  expect(fetched.body.toString()).toBe("public");
  expect(flipping.asked()).toBe(1);
  // The second hop asks again, is told the canary's address, and is refused.
  const again = guardedFetch(`http://feeds.example:${port}/`, { guard });
  await expect(again).rejects.toMatchObject({ code: "address_refused" });
  expect(contacts).toBe(before);
  await elsewhere.close();
});

test("FET4 of a name's addresses only those that are allowed are tried", async () => {
  const server: Endpoint = await startEndpoint((_request, response) => response.end("public"), "127.0.0.9");
  const guard = new AddressGuard(["127.0.0.9/32"], answering(["127.0.0.1", "127.0.0.9"]).lookup);
  const fetched = await guardedFetch(`http://feeds.example:${server.port}/`, { guard });
  expect(fetched.body.toString()).toBe("public");
  await server.close();
});

test.each([
  ["ftp://news.example/feed"],
  ["file:///etc/passwd"],
  ["gopher://127.0.0.1/"],
  ["data:text/xml,<rss/>"],
  ["http://user:secret@news.example/"],
  ["http://user@news.example/"],
  ["http://"],
  ["no address"],
  [""],
])("FET5 only plain http and https addresses are fetched: not %j", async (address) => {
  const fetching = guardedFetch(address, { guard: nobody });
  await expect(fetching).rejects.toMatchObject({ code: "address_refused" });
  await expect(fetching).rejects.not.toThrow("secret");
});

test("FET6 private, local and reserved addresses are refused, public ones are not", () => {
  const refused = [
    ["10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "169.254.169.254", "0.1.2.3"],
    ["192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1"],
    ["240.0.0.1", "255.255.255.255", "192.88.99.1", "::", "::1", "fc00::1", "fd12:3456::1", "fe80::1"],
    [
      "fec0::1",
      "ff02::1",
      "100::1",
      "2001:db8::1",
      "2001::1",
      "2001:10::1",
      "2002:a00:1::",
      "3fff::1",
      "5f00::1",
    ],
    [
      "::ffff:10.0.0.1",
      "64:ff9b::10.0.0.1",
      "64:ff9b::a9fe:a9fe",
      "64:ff9b:1::8.8.8.8",
      "4000::1",
      "fe80::1%eth0",
    ],
    ["not an address", "", "1.2.3", "127.1"],
  ].flat();
  expect(refused.filter((address) => nobody.allows(address))).toEqual([]);
  const open = [
    "8.8.8.8",
    "172.15.0.1",
    "172.32.0.1",
    "100.63.0.1",
    "100.128.0.1",
    "223.255.255.255",
    "1.1.1.1",
  ];
  const open6 = [
    "2606:4700::1111",
    "2a00:1450::1",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "2001:4860:4860::8888",
  ];
  expect([...open, ...open6].filter((address) => !nobody.allows(address))).toEqual([]);
});

test("FET7 what NEWSLINE_FETCH_ALLOW lists is fetched, in every spelling, and nothing beside it", () => {
  const guard = new AddressGuard(["10.1.0.0/16", "fd00:1::/32", "127.0.0.1/32"]);
  const allowed = ["10.1.255.1", "::ffff:10.1.0.1", "fd00:1::5", "127.0.0.1", "64:ff9b::10.1.0.1"];
  expect(allowed.filter((address) => !guard.allows(address))).toEqual([]);
  expect(["10.2.0.1", "fd00:2::5", "127.0.0.2", "::1"].filter((address) => guard.allows(address))).toEqual(
    [],
  );
});

test("FET6 an IPv4 address is judged alike in every wrapping", () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      const hex = address.split(".").map((part) => Number(part).toString(16).padStart(2, "0"));
      const tail = `${hex[0]}${hex[1]}:${hex[2]}${hex[3]}`;
      const wrapped = [`::ffff:${address}`, `::ffff:${tail}`, `64:ff9b::${tail}`, `0:0:0:0:0:FFFF:${tail}`];
      const verdict = nobody.allows(address);
      for (const one of wrapped) expect(nobody.allows(one), one).toBe(verdict);
    }),
  );
});
