import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { walk } from "@std/fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The head of a table of `doctor` in English. */
const ENGLISH_HEAD = /^CHECK +STATUS +MEASURED/m;

/** The blocks of a document that have no language. */
async function readBlocks(path: string): Promise<readonly string[]> {
  const text = await Deno.readTextFile(join(root, path));
  return [...text.matchAll(/^```(.*)\n([^]*?)^```$/gm)].flatMap(([, language, block]) =>
    language === "" ? [block!] : []
  );
}

Deno.test("a screen of doctor in a Japanese document is Japanese", async () => {
  const found: string[] = [];
  for await (const { path } of walk(join(root, "docs/ja"), { exts: [".md"], includeDirs: false })) {
    if (ENGLISH_HEAD.test(await Deno.readTextFile(path))) found.push(path.slice(root.length));
  }
  assertEquals(found, []);
});

for (const folder of ["docs", "docs/ja"]) {
  Deno.test(`the screen of doctor in ${folder}/troubleshooting.md is one of the transcripts`, async () => {
    const screens = (await readBlocks(`${folder}/troubleshooting.md`)).filter((block) => block.includes("\n→ "));
    assert(screens.length > 0);
    const transcripts = (await readBlocks(`${folder}/runbook/transcripts.md`)).join("\n");
    for (const screen of screens) assertStringIncludes(transcripts, screen);
  });
}
