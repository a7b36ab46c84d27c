import { assertEquals, assertStringIncludes } from "@std/assert";
import { walk } from "@std/fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { VERSION } from "../../lib/base/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

Deno.test({
  name:
    "image-files writes bundle, launcher, license and the folder of the volume, and the launcher starts the program",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inTempDir(async (folder) => {
      const image = join(folder, "image");
      const made = await run([Deno.execPath(), "task", "-q", "image-files", "--json", "--folder", image]);
      assertEquals(made.code, 0, made.err);
      const placed: string[] = [];
      for await (const { path, isDirectory } of walk(image)) {
        placed.push(`${relative(image, path)}${isDirectory ? "/" : ""}`);
      }
      const files = [
        "usr/bin/civitai-dl",
        "usr/lib/civitai-dl/civitai-dl.js",
        "usr/lib/civitai-dl/health-probe",
        "usr/share/doc/civitai-dl/LICENSE",
      ];
      assertEquals(placed.filter((path) => !path.endsWith("/")).toSorted(), files);
      assertEquals(placed.includes("data/"), true);
      assertEquals(JSON.parse(made.out).files.toSorted(), files);
      const launcher = join(image, files[0]!);
      assertEquals((await Deno.stat(launcher)).mode! & 0o777, 0o755);

      // Here, Deno and the bundle are in other places than in the image.
      const text = await Deno.readTextFile(launcher);
      assertStringIncludes(text, "/usr/bin/deno");
      const moved = text.replaceAll("/usr/lib/", `${image}/usr/lib/`).replaceAll("/usr/bin/deno", Deno.execPath());
      await Deno.writeTextFile(launcher, moved);
      const version = await run([launcher, "--version"], folder);
      assertEquals([version.out, version.code], [`civitai-dl ${VERSION}\n`, 0], version.err);
      const unknown = await run([launcher, "doctor", "xyzzy"], folder);
      assertStringIncludes(unknown.err, "hint: civitai-dl doctor checks everything");
    }),
});

async function run([program, ...args]: readonly string[], cwd = ROOT) {
  const env = { NO_COLOR: "1" };
  const { code, stdout, stderr } = await new Deno.Command(program!, { args, cwd, env, stdin: "null" }).output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}
