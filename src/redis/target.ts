import { type ConfigError, wrongSetting } from "../config-error.ts";

export interface Address {
  host: string;
  port: number;
}

/** What every node of one Redis is greeted with. */
interface Login {
  username?: string;
  password?: string;
  tls: boolean;
}

/** Where a Redis is: parsed once from REDIS_URL, or the private one's socket. */
export type RedisTarget =
  | { kind: "socket"; path: string; db?: number }
  | ({ kind: "single"; db?: number } & Address & Login)
  | ({ kind: "cluster"; nodes: readonly Address[] } & Login)
  | ({
      kind: "sentinel";
      sentinels: readonly Address[];
      name: string;
      /** Sentinels have a password of their own, or none. */
      sentinelPassword?: string;
      db?: number;
    } & Login);

const FORMS =
  "redis://host:port, rediss://host:port, unix:///path, a comma-separated list of redis:// addresses for a cluster, or redis+sentinel://host:port,host:port/name";

export function parseRedisUrl(text: string): RedisTarget {
  const scheme = /^([a-z+]+):\/\//.exec(text)?.[1];
  switch (scheme) {
    case "unix":
      return parseSocket(text);
    case "redis":
    case "rediss":
      return text.includes(",") ? parseCluster(text) : parseSingle(text);
    case "redis+sentinel":
    case "rediss+sentinel":
      return parseSentinel(text);
    default:
      throw refused("it must be one of: " + FORMS);
  }
}

/** For people and logs: never shows a password. */
export function describeTarget(target: RedisTarget): string {
  switch (target.kind) {
    case "socket":
      return `unix://${target.path}`;
    case "single":
      return `${target.tls ? "rediss" : "redis"}://${describeAddress(target)}`;
    case "cluster":
      return `cluster ${target.nodes.map(describeAddress).join(",")}`;
    case "sentinel":
      return `sentinel ${target.sentinels.map(describeAddress).join(",")}/${target.name}`;
  }
}

function parseSocket(text: string): RedisTarget {
  const url = parseUrl(text);
  const path = decode(url.pathname);
  if (url.host !== "" || path.length < 2) throw refused("unix:// must be followed by an absolute path");
  return { kind: "socket", path, ...databaseOf(url.searchParams.get("db")) };
}

function parseSingle(text: string): RedisTarget {
  const url = parseUrl(text);
  const db = url.pathname.slice(1) || url.searchParams.get("db");
  return { kind: "single", ...addressOf(url, 6379), ...loginOf(url), ...databaseOf(db) };
}

function parseCluster(text: string): RedisTarget {
  const urls = text.split(",").map((part) => parseUrl(part.includes("://") ? part : `redis://${part}`));
  if (urls.some((url) => url.pathname.length > 1)) throw refused("a cluster has no numbered databases");
  const logins = urls.map(loginOf);
  const login = logins.find((one) => one.password !== undefined) ?? logins[0];
  if (login === undefined) throw refused("the list is empty");
  return { kind: "cluster", nodes: urls.map((url) => addressOf(url, 6379)), ...login };
}

/** `URL` does not take several hosts, so each is read as an address of its own. */
function parseSentinel(text: string): RedisTarget {
  const match = /^(rediss?)\+sentinel:\/\/(?:(.*)@)?([^/?]+)\/([^/?]+)(\?.*)?$/.exec(text);
  const [, scheme, user, hosts, name, query] = match ?? [];
  if (scheme === undefined || hosts === undefined || name === undefined) {
    throw refused("a sentinel address reads redis+sentinel://host:port,host:port/name");
  }
  const login = loginOf(parseUrl(`${scheme}://${user === undefined ? "" : `${user}@`}host`));
  const sentinels = hosts.split(",").map((host) => addressOf(parseUrl(`redis://${host}`), 26_379));
  const search = new URLSearchParams(query);
  const sentinelPassword = search.get("sentinelPassword");
  return {
    kind: "sentinel",
    sentinels,
    name: decode(name),
    ...login,
    ...(sentinelPassword !== null && { sentinelPassword }),
    ...databaseOf(search.get("db")),
  };
}

function parseUrl(text: string): URL {
  try {
    return new URL(text.trim());
  } catch {
    throw refused("one of its addresses cannot be read; it must be one of: " + FORMS);
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refused("a % in it is followed by no two hexadecimal digits");
  }
}

function addressOf(url: URL, defaultPort: number): Address {
  if (url.hostname === "") throw refused("a host is missing");
  // URL keeps the brackets of an IPv6 address; a socket wants it without.
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return { host, port: url.port === "" ? defaultPort : Number(url.port) };
}

function loginOf(url: URL): Login {
  return {
    tls: url.protocol.startsWith("rediss"),
    ...(url.username !== "" && { username: decode(url.username) }),
    ...(url.password !== "" && { password: decode(url.password) }),
  };
}

function databaseOf(text: string | null): { db?: number } {
  if (text === null || text === "") return {};
  if (!/^\d{1,4}$/.test(text)) throw refused("the database must be a number");
  return { db: Number(text) };
}

function describeAddress({ host, port }: Address): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** The address itself is not repeated: it may hold a password. */
function refused(why: string): ConfigError {
  return wrongSetting("REDIS_URL", why);
}
