import type { Language } from "../../lib/base/mod.ts";
import type { HealthRow } from "../../lib/health/mod.ts";
import { shortenTimes } from "../../lib/monitor/mod.ts";
import { PROBLEMS } from "../../lib/problems/mod.ts";

/**
 * Name what is wrong: the problem that was found, otherwise what the check is about.
 *
 * @param row The finding
 * @param language Language of the title
 * @returns The title, which begins a line
 */
export function titleOf(row: HealthRow, language: Language): string {
  const title = row.problem === null ? nameOf(row, language) : PROBLEMS[row.problem][language].title;
  return `${title.charAt(0).toUpperCase()}${title.slice(1)}`;
}

/** Name what a check is about; in English, that is its name. */
export function nameOf({ name, ja }: Pick<HealthRow, "name" | "ja">, language: Language): string {
  return language === "en" ? name : ja.name;
}

/** The words of a finding in one language, with times as `status` shows them. */
export function sayRow(
  row: HealthRow,
  { language, now }: { readonly language: Language; readonly now: number },
): Pick<HealthRow, "measured" | "advice"> {
  const { measured, advice } = language === "ja" ? row.ja : row;
  const shorten = (text: string): string => shortenTimes(text, { language, now });
  return { measured: shorten(measured), advice: advice === null ? null : shorten(advice) };
}
