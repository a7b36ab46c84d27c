import type { Bilingual } from "../bilingual.ts";

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Parse a duration: a number of seconds, or numbers with `ms`, `s`, `m`, `h` or `d`; parts may be joined (`1h30m`).
 *
 * @returns Milliseconds
 * @throws {SyntaxError} If the text is not a duration
 */
export function parseDuration(text: string): number {
  const trimmed = text.trim().toLowerCase();
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed) * 1000;
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(trimmed)) {
    throw new SyntaxError(`Cannot parse duration "${text}": write seconds, or 30s, 5m, 4h, 7d`);
  }
  let total = 0;
  for (const [, value, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(value) * UNITS[unit!]!;
  }
  return total;
}

/**
 * Format a duration for display, with its two largest units: `1h 4m`, `3m 20s`, `850ms`.
 *
 * @param ms Milliseconds
 * @returns The text; `?` if the duration is not finite
 */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return "?";
  if (Math.round(ms) < 1000) return `${Math.round(ms)}ms`;
  const seconds = Math.round(ms / 1000);
  const parts = [[86400, "d"], [3600, "h"], [60, "m"], [1, "s"]] as const;
  const first = parts.findIndex(([size]) => seconds >= size);
  let rest = seconds;
  const shown: string[] = [];
  for (const [size, unit] of parts.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) shown.push(`${count}${unit}`);
  }
  return shown.join(" ");
}

const JAPANESE_UNITS: Readonly<Record<string, string>> = { ms: "ミリ秒", s: "秒", m: "分", h: "時間", d: "日" };

/**
 * Format a duration as {@linkcode formatDuration} does, in each language: `1h 4m` and `1 時間 4 分`.
 *
 * @param ms Milliseconds
 */
export function sayDuration(ms: number): Bilingual {
  const en = formatDuration(ms);
  return { en, ja: en.replaceAll(/(\d+)([a-z]+)/g, (_, count, unit) => `${count} ${JAPANESE_UNITS[unit]}`) };
}
