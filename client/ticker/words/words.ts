/** What a language says. Short, exact, no exclamation marks, no jargon. */
export interface Words {
  readonly dir: "ltr" | "rtl";
  readonly label: string;
  readonly connecting: string;
  readonly catchingUp: string;
  readonly live: string;
  readonly offlineSince: (time: string) => string;
  readonly staleSince: (time: string) => string;
  readonly refreshing: (seconds: number) => string;
  readonly ended: string;
  readonly lastItem: (time: string) => string;
  readonly noItems: string;
  /** There are items, but none that the filter lets through. */
  readonly nothingFits: string;
  readonly newItems: (count: number) => string;
  readonly movedItems: (count: number) => string;
  readonly announced: (count: number, headline: string) => string;
  readonly older: string;
  readonly loading: string;
  readonly breaking: string;
  readonly updated: string;
  readonly updatedFirst: (time: string) => string;
  readonly corrected: string;
  readonly added: (time: string) => string;
  readonly pinned: string;
  /** Shown with the exact time when the source gave none that could be used. */
  readonly receivedTime: string;
  readonly withdrawn: string;
  readonly beingChecked: string;
  readonly leftLine: string;
  readonly noText: string;
  readonly cannotLoad: string;
  readonly atSource: (credit: string) => string;
  readonly versions: string;
  readonly whatChanged: string;
  readonly firstVersion: string;
  readonly pause: string;
  readonly play: string;
  readonly previous: string;
  readonly next: string;
}
