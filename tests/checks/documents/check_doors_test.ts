import { assertEquals, assertRejects } from "@std/assert";
import { dirname, join } from "node:path";
import { checkDoors } from "../../../checks/documents/check_doors.ts";
import { KitError } from "../../../lib/base/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

/** A house of two rooms, of which `two` and a script use what `one` exports. */
const HOUSE: Readonly<Record<string, string>> = {
  "deno.json": "{}",
  "lib/one/mod.ts": `export { open, type OpenOptions, OpenError, shown } from "./open.ts";`,
  "lib/one/open.ts": `
    export interface OpenOptions { readonly path: string }
    export class OpenError extends Error {}
    /** @throws {OpenError} If it is locked */
    export function open(options: OpenOptions): string { return options.path; }
    export const shown = 1;`,
  "lib/two/mod.ts": `export { both } from "./both.ts";\nexport { type OpenOptions } from "../one/mod.ts";`,
  "lib/two/both.ts": `
    import { open, type OpenOptions } from "../one/mod.ts";
    export function both(options: OpenOptions): string { return open(options); }`,
  "scripts/run.ts": `const { both } = await import("../lib/two/mod.ts");`,
  "docs/one.md": `import { shown } from "@civitai-dl/civitai-dl/one";`,
};

async function check(changes: Readonly<Record<string, string>> = {}): Promise<string> {
  let names = "";
  await inTempDir(async (folder) => {
    for (const [path, text] of Object.entries({ ...HOUSE, ...changes })) {
      await Deno.mkdir(join(folder, dirname(path)), { recursive: true });
      await Deno.writeTextFile(join(folder, path), text);
    }
    names = await checkDoors({ folder, signal: new AbortController().signal });
  });
  return names;
}

Deno.test("checkDoors() takes what is used outside, by a document, a signature or an error", async () => {
  assertEquals(await check(), "6 names");
});

Deno.test("checkDoors() refuses what only the room and its own tests use", async () => {
  const changes = {
    "docs/one.md": "Nothing",
    "lib/one/use.ts": `import { shown } from "./mod.ts";`,
    "tests/one/open_test.ts": `import { shown } from "../../lib/one/mod.ts";`,
  };
  await assertRejects(() => check(changes), KitError, "Nobody outside of the room needs shown of one");
  assertEquals(await check({ ...changes, "tests/two/x_test.ts": changes["tests/one/open_test.ts"] }), "6 names");
});

Deno.test("checkDoors() refuses a name that two rooms declare", async () => {
  const changes = {
    "lib/two/mod.ts": `export { both } from "./both.ts";\nexport { open } from "./open.ts";`,
    "lib/two/open.ts": `export function open(): void {}`,
  };
  await assertRejects(() => check(changes), KitError, "Two rooms export the same name: open in one and two");
});
