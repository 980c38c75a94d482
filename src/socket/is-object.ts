/** For looking into what Engine.IO and ws keep private, where nothing may be taken for granted. */
export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
