import { KitError } from "../lib/base/mod.ts";

const NAMES = ["assert", "async", "cli", "fs", "yaml"];
const LINKS = /"links": \[[^\]]*\]/;
const LOCK = /"lock": \{[^}]*\}/;
/** The lock file describes the local packages. Other ones have a file of their own, which git ignores. */
const OTHER_LOCK = "deno.std.lock";

/**
 * Set the source of `@std` in the text of deno.json; switching there and back restores the exact text. deno.lock is
 * frozen, and belongs to the local packages.
 *
 * @param config The text of deno.json
 * @param which `local`, `jsr`, or the path of a checkout of denoland/std, which is linked as a whole: its packages need
 * each other
 * @returns The text with other links
 */
export function setLinks(config: string, which: string): string {
  if (!LINKS.test(config)) {
    throw new KitError("usage", 'Cannot switch @std: deno.json has no "links"', { hint: 'Add "links": [] to it' });
  }
  const local = NAMES.map((name) => `./std/${name}`);
  const linked = which === "local" ? local : [which];
  const folders = which === "jsr" ? [] : linked;
  const links = `"links": [${folders.map((folder) => JSON.stringify(folder)).join(", ")}]`;
  const lock = which === "local" ? { frozen: true } : { path: OTHER_LOCK, frozen: false };
  const fields = Object.entries(lock).map(([name, value]) => `"${name}": ${JSON.stringify(value)}`).join(", ");
  return config.replace(LINKS, () => links).replace(LOCK, `"lock": { ${fields} }`);
}

/**
 * Does not use `runHouseScript` like the other scripts, because it imports @std, which may be unreachable until this script
 * has run.
 */
async function main(which: string | undefined): Promise<string> {
  if (which === undefined || which.startsWith("-")) {
    throw new KitError("usage", "Cannot switch @std: say local, jsr, or the path of a checkout of denoland/std");
  }
  const isPath = which !== "local" && which !== "jsr";
  if (isPath && !await Deno.stat(`${which}/deno.json`).then((info) => info.isFile, () => false)) {
    throw new KitError("usage", `Cannot switch @std: "${which}" is neither local nor jsr nor a checkout`);
  }
  const config = setLinks(await Deno.readTextFile("deno.json"), which);
  await setLock(which);
  await Deno.writeTextFile("deno.json", config);
  return `@std comes from ${which} now`;
}

/** Begin the other lock file with the npm packages of deno.lock, or remove it. */
async function setLock(which: string): Promise<void> {
  const change = which === "local" ? Deno.remove(OTHER_LOCK) : Deno.copyFile("deno.lock", OTHER_LOCK);
  await change.catch((error) => {
    // Nothing to remove, or a folder without a lock file.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}

if (import.meta.main) {
  const [write, text] = await main(Deno.args[0]).then(
    (output) => [Deno.stdout, output] as const,
    (error) => {
      if (!(error instanceof KitError)) throw error;
      Deno.exitCode = error.exitCode;
      return [Deno.stderr, `error: ${error.message}`] as const;
    },
  );
  await write.write(new TextEncoder().encode(`${text}\n`));
}
