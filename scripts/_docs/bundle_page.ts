import { fileURLToPath } from "node:url";
import { KitError } from "../../lib/base/mod.ts";

/** The checkout that this script belongs to, wherever it is started. */
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** The scripts of the page: what it does, and what it says in each language. */
const ENTRIES: readonly (readonly [source: string, bundle: string])[] = [
  ["lib/app/browser/main.tsx", "lib/app/page/bundle/main.js"],
  ["lib/app/browser/words_en.ts", "lib/app/page/bundle/words_en.js"],
  ["lib/app/browser/words_ja.ts", "lib/app/page/bundle/words_ja.js"],
];

/** An escaped character that is not ASCII, unless its backslash is escaped itself. */
const ESCAPED = /(?<!\\)((?:\\\\)*)\\u([0-9a-f]{4})/gi;
/** Up to here, characters are ASCII or invisible. */
const LAST_PLAIN = 0xa0;
/** Ends of lines within JavaScript. */
const LINE_ENDS: readonly number[] = [0x2028, 0x2029];

/**
 * Bundle the scripts of the page, by their paths. They are kept in the repository, so that the program needs nothing to
 * serve them. The same sources and version of Deno give the same bytes.
 *
 * @throws {KitError} `failed` if one cannot be bundled
 */
export async function bundlePage(): Promise<Readonly<Record<string, string>>> {
  const scripts: Record<string, string> = {};
  // One after another: the first one may have to download the bundler.
  for (const [source, bundle] of ENTRIES) scripts[bundle] = await bundleScript(source);
  return scripts;
}

async function bundleScript(source: string): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "-q", "--platform", "browser", "--minify", source],
    cwd: ROOT,
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  if (code !== 0) throw new KitError("failed", `Cannot bundle "${source}": ${decoder.decode(stderr).trim()}`);
  return plainCharacters(decoder.decode(stdout));
}

/** Write characters in place of their escapes: the script is served as UTF-8, in which Japanese is half as long. */
function plainCharacters(script: string): string {
  return script.replaceAll(ESCAPED, (escape, before: string, digits: string) => {
    const character = Number.parseInt(digits, 16);
    const isPlain = character > LAST_PLAIN && !LINE_ENDS.includes(character);
    return isPlain ? `${before}${String.fromCharCode(character)}` : escape;
  });
}
