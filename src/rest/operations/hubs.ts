import { hubQuery } from "../../contract/rest.ts";
import type { Operation } from "./operation.ts";

const CALLBACK = "/v1/websub/{source}/{token}";

/** What a WebSub hub calls. No role: the last part of the address is a secret that only the hub was told. */
export const HUBS: Operation[] = [
  {
    method: "get",
    path: CALLBACK,
    summary: "A hub asks whether we meant to subscribe, or tells that it denies it",
    query: hubQuery,
    answers: { 200: { says: "The challenge, as it came: we did", type: "text/plain" } },
    errors: ["not_found"],
  },
  {
    method: "post",
    path: CALLBACK,
    summary: "A hub hands over what a feed says now; what is not signed with our secret is dropped",
    headers: { "X-Hub-Signature": "`method=hex`: the HMAC of the body; sha1, sha256, sha384 or sha512." },
    body: "bytes",
    answers: {
      202: { says: "Taken, or dropped without a word" },
      410: { says: "Nobody waits for it: the hub may end the subscription" },
    },
    errors: ["unsupported_type", "too_large", "backlog"],
  },
];
