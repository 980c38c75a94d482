import type { Channel } from "../contract/names.ts";
import type { LineSettings } from "../contract/rest.ts";
import type { Change } from "./entry.ts";
import { LineView } from "./line-view.ts";

export function toLine(channel: Channel): string {
  return channel.slice(channel.indexOf(":") + 1);
}

/** The views of all channels, moved on together. */
export class ViewSet {
  readonly #views: Map<Channel, LineView>;
  readonly settings: Map<string, LineSettings>;

  constructor(views: Iterable<LineView> = [], settings: Map<string, LineSettings> = new Map()) {
    this.#views = new Map();
    for (const view of views) this.#views.set(view.channel, view);
    this.settings = settings;
  }

  get(channel: Channel): LineView | undefined {
    return this.#views.get(channel);
  }

  values(): Iterable<LineView> {
    return this.#views.values();
  }

  /** A view of a log that has just begun. */
  add(channel: Channel, epoch: string): LineView {
    const view = new LineView({ channel, position: { epoch, offset: 0 } });
    this.#views.set(channel, view);
    return view;
  }

  /**
   * Takes a change of the stream. `gap` means that the views no longer know where they are: another log than
   * theirs, or a step that does not follow.
   */
  apply(change: Change): LineView | "known" | "gap" {
    const known = this.#views.get(change.channel);
    const view = known ?? (change.offset === 1 ? this.add(change.channel, change.epoch) : undefined);
    if (view === undefined || view.epoch !== change.epoch) return "gap";
    if (change.offset <= view.offset) return "known";
    if (change.offset !== view.offset + 1) return "gap";
    view.apply(change);
    return view;
  }
}
