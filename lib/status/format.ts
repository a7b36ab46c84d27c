import type { Language } from "../base/mod.ts";

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];
const STEPS = [[86_400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]] as const;

/**
 * Formats numbers, sizes and times by the conventions of a language. Sizes are powers of 1024, as everywhere in the
 * program.
 */
export class Format {
  readonly #language: Language;
  readonly #numbers = new Map<string, Intl.NumberFormat>();
  readonly #clock: Intl.DateTimeFormat;
  readonly #hour: Intl.DateTimeFormat;
  readonly #date: Intl.DateTimeFormat;
  #day: Intl.DateTimeFormat | undefined;

  /** Prepare the formats of a language. */
  constructor(language: Language) {
    this.#language = language;
    this.#clock = new Intl.DateTimeFormat(language, {
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
    });
    this.#hour = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    this.#date = new Intl.DateTimeFormat(language, {
      month: "short",
      day: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
  }

  /** A number with at most `digits` digits behind the point. */
  number(value: number, digits = 0): string {
    return this.#by({ maximumFractionDigits: digits }).format(value);
  }

  /** A percentage as the program writes it: a number, a space and the sign. */
  percent(share: number): string {
    const isNearAnEnd = share > 0 && share < 0.1 || share > 0.99 && share < 1;
    return `${this.#by({ maximumFractionDigits: isNearAnEnd ? 1 : 0 }).format(share * 100)} %`;
  }

  /** Number and unit of a size, separate so that they can be styled differently. */
  size(bytes: number): { readonly number: string; readonly unit: string } {
    let value = Math.max(0, bytes);
    let index = 0;
    while (value >= 1023.5 && index < UNITS.length - 1) {
      value /= 1024;
      index++;
    }
    const fraction = index > 2 && value < 99.5 ? 2 : 1;
    const digits = index === 0 || value >= 999.5 ? 0 : fraction;
    const number = this.#by({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
    return { number, unit: UNITS[index]! };
  }

  /** A size with its unit. */
  bytes(bytes: number): string {
    const { number, unit } = this.size(bytes);
    return `${number} ${unit}`;
  }

  /** Bytes per second. */
  speed(bytesPerSecond: number): string {
    return `${this.bytes(bytesPerSecond)}/s`;
  }

  /** The time of day to the second. */
  clock(iso: string | number | Date): string {
    const time = new Date(iso);
    return Number.isNaN(time.getTime()) ? "–" : this.#clock.format(time);
  }

  /** The time of day to the minute; with the date if it was another day than `now`. */
  time(iso: string | number, now: number): string {
    const time = new Date(iso);
    if (Number.isNaN(time.getTime())) return "–";
    const isToday = time.toDateString() === new Date(now).toDateString();
    return (isToday ? this.#hour : this.#date).format(time);
  }

  /** The date alone, with its year. */
  day(iso: string | number): string {
    const time = new Date(iso);
    this.#day ??= new Intl.DateTimeFormat(this.#language, { year: "numeric", month: "short", day: "numeric" });
    return Number.isNaN(time.getTime()) ? "–" : this.#day.format(time);
  }

  /** The two largest units, such as `1h 4m` or `1 時間 4 分`. */
  duration(ms: number): string {
    // The narrow units of Japanese are Latin letters, which are not used in Japanese text.
    const unitDisplay = this.#language === "ja" ? "short" : "narrow";
    let rest = Math.max(0, Math.round(ms / 1000));
    const first = Math.max(0, STEPS.findIndex(([seconds]) => rest >= seconds));
    const parts: string[] = [];
    for (const [seconds, unit] of (rest === 0 ? STEPS.slice(-1) : STEPS.slice(first, first + 2))) {
      const whole = Math.floor(rest / seconds);
      rest -= whole * seconds;
      if (whole > 0 || rest === 0 && parts.length === 0) {
        parts.push(this.#by({ style: "unit", unit, unitDisplay }).format(whole));
      }
    }
    return parts.join(" ");
  }

  #by(options: Intl.NumberFormatOptions): Intl.NumberFormat {
    const key = JSON.stringify(options);
    let format = this.#numbers.get(key);
    if (format === undefined) this.#numbers.set(key, format = new Intl.NumberFormat(this.#language, options));
    return format;
  }
}
