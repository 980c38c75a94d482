import type { Operation } from "./operation.ts";

const page = (path: string, summary: string): Operation => {
  return { method: "get", path, summary, answers: { 200: { says: "The page", type: "text/html" } } };
};
const SOCKET = "/socket.io/";

/** What browsers load, and the way to sockets. */
export const SCREENS: Operation[] = [
  page("/", "A page with the ticker"),
  page("/wall", "The wall: lines side by side"),
  page("/desk", "The desk: composer, line, sources"),
  {
    method: "get",
    path: "/embed.js",
    summary: "The widget, for pages of any origin",
    answers: {
      200: { says: "The module", type: "text/javascript" },
      304: { says: "Nothing has changed" },
    },
  },
  {
    method: "get",
    path: "/assets/{file}",
    summary: "What the pages load",
    answers: { 200: { says: "The file" }, 304: { says: "Nothing has changed" } },
    errors: ["not_found"],
  },
  {
    method: "get",
    path: "/favicon.ico",
    summary: "Browsers ask for it",
    answers: { 204: { says: "There is none" } },
  },
  page("/docs", "These calls, to read"),
  {
    method: "get",
    path: "/docs.css",
    summary: "How that page looks",
    answers: { 200: { says: "The style sheet", type: "text/css" } },
  },
  {
    method: "get",
    path: "/openapi.json",
    summary: "These calls, for programs",
    answers: { 200: { says: "OpenAPI 3.1", type: "application/json" } },
  },
  {
    method: "get",
    path: SOCKET,
    summary: "Where Socket.IO clients connect (Engine.IO 4): a WebSocket, or one long poll",
    answers: {
      101: { says: "A WebSocket from here on" },
      200: { says: "Packets, to a long poll", type: "text/plain" },
    },
  },
  {
    method: "post",
    path: SOCKET,
    summary: "Packets of a Socket.IO client that polls",
    body: "bytes",
    answers: { 200: { says: "Taken", type: "text/html" } },
  },
];
