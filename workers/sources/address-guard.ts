import { type LookupAddress, type LookupOptions, lookup as systemLookup } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { buildConnector } from "undici";
import { NewsLineError } from "../../src/contract/errors.ts";

/** What asks for a name's addresses; tests put a false one here. */
export type Lookup = (
  name: string,
  options: LookupOptions & { all: true },
  done: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

/** IPv4 addresses that are no public host: IANA's special-purpose registry, multicast and the reserved rest. */
const PRIVATE_V4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];

/** Of IPv6 only this range holds public hosts … */
const PUBLIC_V6 = ["2000::/3"];
/** … but for these: protocol assignments with Teredo, documentation, 6to4. */
const PRIVATE_V6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];

/** The last 32 bits of these are an IPv4 address, and the packet ends up there: mapped, and NAT64. */
const WRAPPED_V4 = ["::ffff:0:0/96", "64:ff9b::/96"];

const privateV4 = toBlockList(PRIVATE_V4);
const publicV6 = toBlockList(PUBLIC_V6);
const privateV6 = toBlockList(PRIVATE_V6);
const wrappedV4 = toBlockList(WRAPPED_V4);

/** Which addresses may be connected to: public ones, and those of the CIDR ranges in `allow`. */
export class AddressGuard {
  readonly #allow: BlockList;
  readonly #lookup: Lookup;

  constructor(allow: readonly string[], lookup: Lookup = systemLookup) {
    this.#allow = toBlockList(allow);
    this.#lookup = lookup;
  }

  /** `address` is an IP address in any spelling that `isIP` takes; anything else is not allowed. */
  allows(address: string): boolean {
    const version = isIP(address);
    if (version === 4) return this.#allow.check(address, "ipv4") || !privateV4.check(address, "ipv4");
    // A zone (`fe80::1%eth0`) stands only on addresses of this very link.
    if (version !== 6 || address.includes("%")) return false;
    // Before the rest: a range of addresses may be allowed in either spelling.
    if (this.#allow.check(address, "ipv6")) return true;
    if (wrappedV4.check(address, "ipv6")) return this.allows(toWrapped(address));
    return publicV6.check(address, "ipv6") && !privateV6.check(address, "ipv6");
  }

  /**
   * Makes the connections of one undici client. Every address is judged where the socket is made, so that a name
   * which answers differently the second time gains nothing. An IP literal never reaches a lookup: it is judged here.
   */
  connector(options: buildConnector.BuildOptions): buildConnector.connector {
    const connect = buildConnector({ ...options, lookup: this.#guardedLookup });
    return (target, done) => {
      const host = target.hostname.replace(/^\[|\]$/g, "");
      if (isIP(host) !== 0 && !this.allows(host)) done(refused(host), null);
      else connect(target, done);
    };
  }

  readonly #guardedLookup: LookupFunction = (name, options, done) => {
    this.#lookup(name, { ...options, all: true }, (error, found) => {
      if (error !== null) return done(error, "");
      const allowed = found.filter(({ address }) => this.allows(address));
      const [first] = allowed;
      if (first === undefined) done(refused(name), "");
      else if (options.all === true) done(null, allowed);
      else done(null, first.address, first.family);
    });
  };
}

function refused(host: string): NewsLineError {
  return new NewsLineError("address_refused", {
    message: `${host} is in a private network and is not fetched. NEWSLINE_FETCH_ALLOW lists private addresses that may be.`,
  });
}

/** The IPv4 address in the last 32 bits. `URL` writes every spelling of IPv6 as groups of hexadecimal digits. */
function toWrapped(address: string): string {
  const groups = new URL(`http://[${address}]/`).hostname.slice(1, -1).split(":").slice(-2);
  return groups
    .flatMap((group) => {
      const value = Number.parseInt(group || "0", 16);
      return [value >> 8, value & 0xff];
    })
    .join(".");
}

function toBlockList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = "", bits = ""] = range.split("/");
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? "ipv6" : "ipv4");
  }
  return list;
}
