import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { KitError } from "../../../lib/base/mod.ts";
import { followFile, type FollowState } from "../../../lib/monitor/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const STATE: FollowState = {
  "/logs/download.log": [{ dev: 1, ino: 2, offset: 3, fingerprint: "ab", mtimeMs: 4.5 }],
  "/logs/other.log": [],
};

/** Read a state and its warnings. */
async function read(path: string): Promise<readonly [FollowState | null, readonly string[]]> {
  const warnings: string[] = [];
  return [await followFile(path).open((message) => warnings.push(message)), warnings];
}

Deno.test("followFile() restores what was written", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "monitor.json");
    assertEquals(await read(path), [null, []]);
    await followFile(path).write(STATE);
    assertEquals(await read(path), [STATE, []]);
    const { schema, version } = JSON.parse(await Deno.readTextFile(path));
    assertEquals([schema, version], ["civitai-dl/monitor", 1]);
  }));

const BROKEN: readonly (readonly [text: string, says: string])[] = [
  ["", "JSON"],
  ['{"schema":"civitai-dl/mon', "JSON"],
  ["[]", "the file is not an object"],
  ['{"schema":"civitai-dl/quota","version":1,"logs":{}}', "it is no"],
  ['{"schema":"civitai-dl/monitor","version":1}', '"logs" is not an object'],
  ['{"schema":"civitai-dl/monitor","version":1,"logs":{"a":1}}', 'no list for "a"'],
  ['{"schema":"civitai-dl/monitor","version":1,"logs":{"a":[null]}}', "a position is not an object"],
  ['{"schema":"civitai-dl/monitor","version":1,"logs":{"a":[{"dev":-1}]}}', "lacks a number"],
  ["\0\0\0\0\0\0\0\0", "JSON"],
  ["junk\nmore", '"junk more" is not valid JSON'],
];

for (const [text, says] of BROKEN) {
  Deno.test(`followFile() moves ${JSON.stringify(text)} aside`, () =>
    inTempDir(async (folder) => {
      const path = join(folder, "monitor.json");
      await Deno.writeTextFile(path, text);
      const [state, warnings] = await read(path);
      assertEquals([state, warnings.length], [null, 1]);
      assertStringIncludes(warnings[0]!, says);
      assertEquals(await Deno.readTextFile(`${path}.corrupt`), text);
      assertEquals(await read(path), [null, []]);
    }));
}

Deno.test("followFile() keeps the state of a newer version unchanged", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "monitor.json");
    const text = '{"schema":"civitai-dl/monitor","version":2,"logs":7}';
    await Deno.writeTextFile(path, text);
    const error = await assertRejects(() => read(path), KitError, "a later version of civitai-dl wrote it");
    assertEquals(error.code, "unsafe");
    assertEquals(await Deno.readTextFile(path), text);
  }));
