import { Agent, request as httpRequest } from "node:http";
import { io } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createProxyTrust, isLoopback, readAddress, toAddressKey } from "../src/rest/address.ts";
import { startTestGateway, type TestGateway } from "./support/gateway.ts";

let gate: TestGateway;
beforeAll(async () => {
  // The test is the proxy: it says for whom it calls.
  gate = await startTestGateway({ env: { NEWSLINE_TRUST_PROXY: "loopback" } });
});
afterAll(() => gate.stop());

const agent = new Agent({ keepAlive: true, maxSockets: 20 });

function call(
  address: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; retryAfter: string | undefined }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      `${gate.url}/v1/audit`,
      { agent, headers: { "x-forwarded-for": address, ...headers } },
      (response) => {
        response.resume();
        response.once("end", () =>
          resolve({ status: response.statusCode ?? 0, retryAfter: response.headers["retry-after"] }),
        );
      },
    );
    request.once("error", reject).end();
  });
}

async function burst(
  count: number,
  send: (index: number) => Promise<{ status: number }>,
): Promise<Map<number, number>> {
  const answers = await Promise.all(Array.from({ length: count }, (_, index) => send(index)));
  const byStatus = new Map<number, number>();
  for (const { status } of answers) byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
  return byStatus;
}

test("P7 an address gets 100 requests in a second, then 429 with a time to come again", async () => {
  const answers = await burst(180, () => call("203.0.113.1"));
  expect(answers.get(401)).toBeGreaterThanOrEqual(100);
  expect(answers.get(429)).toBeGreaterThan(0);
  expect((await call("203.0.113.2")).status).toBe(401);
  const again = async () => (await call("203.0.113.1")).status;
  await expect.poll(again, { timeout: 5_000 }).toBe(401);
});

test("P7 one IPv6 network counts as one address", async () => {
  const answers = await burst(180, (index) => call(`2001:db8:1:2::${index.toString(16)}`));
  expect(answers.get(429)).toBeGreaterThan(0);
});

test("P7 a token is counted by itself, wherever its calls come from", async () => {
  const token = await gate.token("chief");
  const headers = { authorization: `Bearer ${token}` };
  const answers = await burst(300, (index) => call(`198.51.100.${index % 200}`, headers));
  expect(answers).toEqual(new Map([[200, 300]]));
});

test("P7 whoever guesses tokens is stopped before the store is asked", async () => {
  const wrong = { authorization: `Bearer nl_abcdef123456_${"x".repeat(43)}` };
  const answers = await burst(60, () => call("203.0.113.3", wrong));
  expect(answers.get(429)).toBeGreaterThan(0);
  const { retryAfter } = await call("203.0.113.3", wrong);
  expect(Number(retryAfter)).toBeGreaterThan(0);
});

test("P7 loopback is exempt", async () => {
  const answers = await burst(300, () => call("127.0.0.1"));
  expect(answers).toEqual(new Map([[401, 300]]));
});

test("P7 an address may open 50 connections in a second", async () => {
  const connect = () =>
    new Promise<{ status: number }>((resolve) => {
      const socket = io(gate.url, {
        transports: ["websocket"],
        forceNew: true,
        reconnection: false,
        extraHeaders: { "x-forwarded-for": "203.0.113.9" },
      });
      const end = (status: number) => {
        socket.disconnect();
        resolve({ status });
      };
      socket.once("connect", () => end(200));
      socket.once("connect_error", () => end(429));
    });
  const answers = await burst(70, connect);
  expect(answers.get(200)).toBeGreaterThanOrEqual(50);
  expect(answers.get(429)).toBeGreaterThan(0);
});

describe("P7 an address", () => {
  test("is that of the last hop that is no proxy of ours", () => {
    const isTrusted = createProxyTrust(["loopback", "10.0.0.0/8"]);
    const read = (remoteAddress: string, forwarded?: string) => {
      const headers = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };
      return readAddress({ headers, socket: { remoteAddress } }, isTrusted);
    };
    expect(read("203.0.113.5", "198.51.100.1")).toBe("203.0.113.5");
    expect(read("127.0.0.1")).toBe("127.0.0.1");
    expect(read("::ffff:127.0.0.1", "198.51.100.1, 10.1.1.1")).toBe("198.51.100.1");
    expect(read("10.0.0.2", "6.6.6.6, 198.51.100.1")).toBe("198.51.100.1");
  });

  test("that is nothing is trusted by nobody", () => {
    expect(createProxyTrust(["loopback"])("unknown")).toBe(false);
    expect(isLoopback("")).toBe(false);
    expect(["127.8.8.8", "::1", "::ffff:127.0.0.1", "126.0.0.1"].map(isLoopback)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  test("is counted as its network", () => {
    expect(toAddressKey("2001:db8::1")).toBe("2001:db8:0:0");
    expect(toAddressKey("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2");
    expect(toAddressKey("::1")).toBe("0:0:0:0");
    expect(toAddressKey("::ffff:203.0.113.1")).toBe("203.0.113.1");
    expect(toAddressKey("203.0.113.1")).toBe("203.0.113.1");
  });
});
