// @ts-check

/**
 * What the browser gets: each entry becomes one minified ES module in `dist/client/`. Every other file of `client/`
 * that is no TypeScript (pages, styles, icons) is copied there under its own path.
 * @type {Record<string, string>} name of the bundle → its source
 */
export const CLIENT_BUNDLES = {
  embed: "client/ticker/embed.ts",
  wall: "client/wall/wall.ts",
  desk: "client/desk/desk.ts",
};
