import { assertEquals, assertThrows } from "@std/assert";
import { join } from "node:path";
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

Deno.test("followFile() refuses a state without its lists of positions", () => {
  const broken = {
    "": '"logs" is not an object',
    ',"logs":{"a":1}': 'no list for "a"',
    ',"logs":{"a":[null]}': "a position is not an object",
    ',"logs":{"a":[{"dev":-1,"ino":1,"offset":0,"fingerprint":"","mtimeMs":0}]}': "lacks a number",
  };
  for (const [fields, says] of Object.entries(broken)) {
    const text = `{"schema":"civitai-dl/monitor","version":1${fields}}`;
    assertThrows(() => followFile("monitor.json").parse(text), SyntaxError, says);
  }
});
