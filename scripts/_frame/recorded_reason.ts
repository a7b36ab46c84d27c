import { KitError } from "../../lib/base/mod.ts";

/**
 * Read the reason that a person gives for the record. It is shown later among other lines, so it must not have lines of
 * its own.
 *
 * @param text Its value; `undefined` if it is not set
 * @returns The reason without space around it; `undefined` if there is none
 * @throws {KitError} `usage` if it is empty, has several lines or control characters
 */
export function readRecordedReason(flag: string, text: string | undefined, example: string): string | undefined {
  if (text === undefined) return undefined;
  const reason = text.trim();
  if (reason !== "" && !/[\p{Cc}\u2028\u2029]/u.test(reason)) return reason;
  const mistake = reason === "" ? "is empty" : "must be one line of text";
  throw new KitError("usage", `Cannot use --${flag}: the reason ${mistake}`, {
    hint: `Write why: --${flag} "${example}"`,
  });
}
