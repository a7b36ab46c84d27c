import { KitError } from "../lib/base/mod.ts";
import { expandHome } from "./_expand_home.ts";

/** The earlier tool's file that names the library, in the working folder. */
export const OUTPUT_FILE = "default_output_dir.txt";

/**
 * Read the folder that the earlier tool's file names: its first line that is neither blank nor a comment.
 *
 * @param text The file
 * @param home The user's folder, for `~`
 * @returns The folder, out of its quotes; `null` if there is none
 * @throws {KitError} `usage` if this is no text, or `~` means nothing
 */
export function parseOutputFile(text: string, home: string | undefined): string | null {
  if (/[\0\uFFFD]/.test(text)) {
    throw new KitError("usage", `Cannot read "${OUTPUT_FILE}": it is no text in UTF-8`, {
      hint: "Save it as UTF-8, or name the folder by --output",
    });
  }
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n?|\n/).map((line) => line.trim());
  const line = lines.find((candidate) => candidate !== "" && !candidate.startsWith("#"));
  if (line === undefined) return null;
  const [, quote, quoted] = /^(["'])(.*)\1(?:\s+#.*)?$/.exec(line) ?? [];
  const path = quote === undefined ? line : quoted!;
  return path === "" ? null : expandHome(path, { home, place: OUTPUT_FILE });
}
