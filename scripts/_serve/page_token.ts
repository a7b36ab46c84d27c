import { KitError, readReason } from "../../lib/base/mod.ts";
import { openFileWarning } from "../_frame/settings/secrets.ts";

/** Options of {@linkcode readPageToken}. */
export interface ReadPageTokenOptions {
  /** Called if other users can read the file. */
  readonly onWarning: (message: string) => void;
}

/**
 * Read the token of the page from its file. Whether it is long enough is checked where it is used.
 *
 * @throws {KitError} `usage` if the file cannot be read, or is not one line
 */
export async function readPageToken(path: string, { onWarning }: ReadPageTokenOptions): Promise<string> {
  const refuse = (reason: string, cause?: unknown) =>
    new KitError("usage", `Cannot read the page's token from "${path}": ${reason}`, {
      hint: "Create it with: openssl rand -hex 16",
      cause,
    });
  let text: string;
  try {
    text = await Deno.readTextFile(path);
    const warning = openFileWarning(path);
    if (warning !== null) onWarning(warning);
  } catch (error) {
    throw refuse(readReason(error), error);
  }
  const lines = text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "");
  if (lines.length !== 1) throw refuse("it is not one line with a token");
  return lines[0]!;
}
