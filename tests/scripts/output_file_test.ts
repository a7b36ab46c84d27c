import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { exists } from "@std/fs";
import { join } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import { parseOutputFile } from "../../scripts/_frame/library/output_file.ts";
import { runProgram } from "../helpers/run_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const HOME = "/home/someone";

for (
  const [text, folder] of [
    ["/mnt/models\n", "/mnt/models"],
    ["# where the models are\r\n\r\n  /mnt/my models  \r\n/mnt/other\r\n", "/mnt/my models"],
    ["\uFEFF# a comment\n/mnt/models", "/mnt/models"],
    ["\uFEFFD:\\models\r\n", "D:\\models"],
    ['"/mnt/my models"\n', "/mnt/my models"],
    ["'/mnt/models' # the large disk\n", "/mnt/models"],
    ["/mnt/models #2\n", "/mnt/models #2"],
    ["~\n", HOME],
    ["~/models\n", join(HOME, "models")],
    ['"~/my models"\n', join(HOME, "my models")],
    ["~other/models\n", "~other/models"],
    ["# nothing yet\n\n", null],
    ['""\n', null],
    ["", null],
  ] as const
) {
  Deno.test(`parseOutputFile(${JSON.stringify(text)}) returns ${folder}`, () =>
    assertEquals(parseOutputFile(text, HOME), folder));
}

Deno.test("parseOutputFile() refuses invalid UTF-8 and an unknown ~", () => {
  assertThrows(() => parseOutputFile("\uFFFD\uFFFD/\0m\0n\0t\0", HOME), KitError, "it is not UTF-8 text");
  assertThrows(() => parseOutputFile("~/models", undefined), KitError, "the environment has no HOME");
});

Deno.test("list finds the library of default_output_dir.txt and civitai-dl.yml", () =>
  inTempDir(async (folder) => {
    const run = () =>
      runProgram(["list"], { folder, origins: ["http://127.0.0.1"], env: { HOME: folder, XDG_CONFIG_HOME: folder } });
    await Deno.writeTextFile(join(folder, "default_output_dir.txt"), "\uFEFF# my library\n\n'~/of the file'\n");
    assertStringIncludes((await run()).stderr, `"${join(folder, "of the file")}"`);
    await Deno.writeTextFile(join(folder, "civitai-dl.yml"), "output: ~/of the configuration\n");
    assertStringIncludes((await run()).stderr, `"${join(folder, "of the configuration")}"`);
    assertEquals(await exists(join(folder, "~")), false);
  }));
