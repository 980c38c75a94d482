/** How times are written on one screen: one locale, one zone, digits of one width. */
export interface Times {
  /** 10:34:24 */
  readonly clock: (instant: string) => string;
  /** 10:34 */
  readonly short: (instant: string) => string;
  /** Wednesday 28 September 2016 */
  readonly day: (instant: string) => string;
  /** 2016-09-28 in the zone: equal for two instants of one day. */
  readonly dayKey: (instant: string) => string;
  /** Everything, for titles. */
  readonly full: (instant: string) => string;
}

const cache = new Map<string, Times>();

/** An unknown locale or zone falls back to the browser's own; a wrong attribute must not empty the screen. */
export function toTimes(locale: string, zone: string | undefined): Times {
  const key = `${locale} ${zone ?? ""}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const times = build(toKnownLocale(locale), toKnownZone(zone));
  cache.set(key, times);
  return times;
}

function build(locale: string, timeZone: string | undefined): Times {
  const format = (options: Intl.DateTimeFormatOptions, language = locale) => {
    // Formatters are dear to make and cheap to use.
    const zoned = { ...options, ...(timeZone !== undefined && { timeZone }), numberingSystem: "latn" };
    const formatter = new Intl.DateTimeFormat(language, zoned);
    return (instant: string) => formatter.format(new Date(instant));
  };
  const clock = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" } as const;
  const date = { weekday: "long", day: "numeric", month: "long", year: "numeric" } as const;
  const day = format(date);
  return {
    clock: format(clock, "en-GB"),
    short: format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, "en-GB"),
    day: locale.startsWith("en") ? (instant) => day(instant).replace(",", "") : day,
    dayKey: format({ year: "numeric", month: "2-digit", day: "2-digit" }, "sv"),
    full: format({ ...date, ...clock, timeZoneName: "short" }),
  };
}

function toKnownLocale(locale: string): string {
  // Plain "en" puts the month first; a news line reads day, month, year.
  const wanted = locale.toLowerCase() === "en" ? "en-GB" : locale;
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(wanted)[0] ?? "en-GB";
  } catch {
    return "en-GB";
  }
}

function toKnownZone(zone: string | undefined): string | undefined {
  if (zone === undefined || zone === "") return undefined;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone }).format();
    return zone;
  } catch {
    return undefined;
  }
}
