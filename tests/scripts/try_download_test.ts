import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { KitError } from "../../lib/base/mod.ts";
import type { RunVersion } from "../../lib/installation/mod.ts";
import { tryDownload } from "../../scripts/_installation/try_download.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

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

Deno.test("tryDownload() judges the version, not the settings of the user", () =>
  inTempDir(async (folder) => {
    await Deno.mkdir(join(folder, "civitai-dl"));
    await Deno.writeTextFile(join(folder, "civitai-dl", "civitai-dl.yml"), "quota: 1\n");
    const run: RunVersion = async (args, { cwd, env } = {}) => {
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-q", "--no-check", "-P=library", `--config=${ROOT}deno.json`, `${ROOT}cli.ts`, ...args],
        ...cwd === undefined ? {} : { cwd },
        env: { XDG_CONFIG_HOME: folder, ...env },
      }).output();
      const decoder = new TextDecoder();
      return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
    };
    assertStringIncludes(await tryDownload(run, new AbortController().signal), "downloaded 3 files");
  }));
