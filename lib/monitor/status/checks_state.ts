import { join } from "node:path";
import { asFields, StateFile } from "../../base/mod.ts";
import { stateFolder } from "../../library/mod.ts";
import type { StatusChecks, StatusFailingCheck } from "../../status/mod.ts";

/**
 * Return the file in which a monitor leaves its last round of checks for the command `status`.
 *
 * @param path The file `checks.json`
 */
export function checksFile(path: string): StateFile<StatusChecks> {
  return new StateFile<StatusChecks>(path, {
    schema: "civitai-dl/checks",
    version: 1,
    parse: ({ checkedAt, failing }) => {
      if (typeof checkedAt !== "string" || !Array.isArray(failing)) throw new SyntaxError("it has no time or no list");
      return { checkedAt, failing: failing.map(parseFailing) };
    },
    format: ({ checkedAt, failing }) => ({ checkedAt, failing }),
    loss: "the next round writes it again",
  });
}

/**
 * Read the round that the monitor of a library left.
 *
 * @returns The round; `null` if there is none, or it cannot be read: the next round writes it anew
 * @throws {KitError} `unsafe` if a later version of the program wrote it
 */
export async function readChecks(library: string): Promise<StatusChecks | null> {
  try {
    return await checksFileOf(library).read();
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Return the file in which the monitor of a library leaves its last round for `status`. */
export function checksFileOf(library: string): StateFile<StatusChecks> {
  return checksFile(join(stateFolder(library), "checks.json"));
}

function parseFailing(value: unknown): StatusFailingCheck {
  const { name, problem, measured, ja, remedy, since } = asFields(value, "a check");
  const { measured: japanese } = asFields(ja, "a check in Japanese");
  if (
    isText(name) && isText(measured) && isText(japanese) && isText(since) && isTextOrNull(problem) &&
    isTextOrNull(remedy)
  ) {
    return { name, problem, measured, ja: { measured: japanese }, remedy, since };
  }
  throw new SyntaxError("a check lacks its name, its finding or its time");
}

function isText(field: unknown): field is string {
  return typeof field === "string";
}

function isTextOrNull(field: unknown): field is string | null {
  return field === null || isText(field);
}
