import type { LineView } from "../../src/stream/line-view.ts";
import type { LineViews } from "../../src/stream/line-views.ts";

/** Views in which every item has sunk below the window: each text has to be read from the store. */
export function toForgetful(views: LineViews): LineViews {
  return new Proxy(views, {
    get: (target, name) => {
      if (name !== "find") return Reflect.get(target, name, target);
      return (...args: Parameters<LineViews["find"]>) => withoutTexts(target.find(...args));
    },
  });
}

function withoutTexts(view: LineView): LineView {
  return new Proxy(view, {
    get: (line, field) => (field === "text" ? () => undefined : Reflect.get(line, field, line)),
  });
}
