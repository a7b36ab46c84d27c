import { Format } from "../../status/mod.ts";

/** A time as files and JSON have it. */
const ISO_TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/**
 * Write the times of a text as the page does: the local time of day, with the date if it was another day.
 *
 * @param text Text with times in ISO 8601
 */
export function shortenTimes(
  text: string,
  { language, now }: { readonly language: "en" | "ja"; readonly now: number },
): string {
  const format = new Format(language);
  return text.replaceAll(ISO_TIME, (iso) => format.time(iso, now));
}
