import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import type { RunVersion } from "../../lib/release/mod.ts";
import { tryDownload } from "../../scripts/_release/try_download.ts";

/** A program whose download ends with 0, after it has done this in its working folder. */
function program(act: (folder: string) => Promise<void>): RunVersion {
  return async (_args, { cwd = "" } = {}) => {
    await act(cwd);
    return { code: 0, stdout: "", stderr: "" };
  };
}

Deno.test("tryDownload() says that a version does not work if it ends with 0 and without files, or with wrong ones", async () => {
  const refuse = async (run: RunVersion) => {
    const error = await assertRejects(() => tryDownload(run, new AbortController().signal), KitError);
    return [error.code, error.message];
  };
  assertEquals(await refuse(program(() => Promise.resolve())), [
    "failed",
    "Cannot verify that it works: its download ended with 0, but there is no file",
  ]);
  const [code, message] = await refuse(program(async (folder) => {
    await Deno.mkdir(join(folder, "library"));
    await Deno.writeTextFile(join(folder, "library", "model.safetensors"), "no model");
  }));
  assertEquals(code, "integrity");
  assertStringIncludes(String(message), "3 of 3 files are missing or wrong");
});
