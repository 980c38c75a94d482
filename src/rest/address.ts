import type { IncomingHttpHeaders } from "node:http";
import { BlockList, isIP } from "node:net";

/** Express's names for what it may trust. */
const NAMED: Record<string, readonly string[]> = {
  loopback: ["127.0.0.0/8", "::1/128"],
  linklocal: ["169.254.0.0/16", "fe80::/10"],
  uniquelocal: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"],
};

type Contains = (address: string) => boolean;

const containsLoopback = toRanges(["loopback"]);

export function isLoopback(address: string): boolean {
  return containsLoopback(address);
}

/** Whose word about a caller's address is believed; in the form that Express takes. */
export function createProxyTrust(proxies: readonly string[]): Contains {
  return toRanges(proxies);
}

/** What is read of a request. */
interface Hop {
  headers: IncomingHttpHeaders;
  socket: { remoteAddress?: string | undefined };
}

/** Where a request comes from: the first address, counted from us, that is no proxy of ours. */
export function readAddress(request: Hop, isTrusted: Contains): string {
  const forwarded = [request.headers["x-forwarded-for"] ?? []].flat().join(",");
  const hops = forwarded.split(",").map((hop) => hop.trim());
  const chain = [request.socket.remoteAddress ?? "", ...hops.filter((hop) => hop !== "").toReversed()];
  return chain.find((address) => !isTrusted(address)) ?? chain.at(-1) ?? "";
}

/** One network counts as one caller: whoever has an IPv6 address has 2^64 of them. */
export function toAddressKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (isIP(address) !== 6) return address;
  const [head = "", tail] = address.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => "0");
  return [...left, ...zeros, ...right].slice(0, 4).join(":");
}

function toRanges(names: readonly string[]): Contains {
  // Every connection asks: looking through an empty list would cost it as much as through a full one.
  if (names.length === 0) return () => false;
  const list = new BlockList();
  for (const range of names.flatMap((name) => NAMED[name] ?? [name])) {
    const [address = "", bits] = range.split("/");
    const version = isIP(address);
    if (version === 0) throw new Error(`${range} is no address range`);
    list.addSubnet(address, Number(bits ?? (version === 4 ? 32 : 128)), version === 4 ? "ipv4" : "ipv6");
  }
  return (address) => {
    const version = isIP(address);
    return version !== 0 && list.check(address, version === 6 ? "ipv6" : "ipv4");
  };
}
