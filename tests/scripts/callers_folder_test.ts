import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url)).replace(/[\\/]$/, "");
const MODULE = new URL("../../scripts/_frame/callers_folder.ts", import.meta.url).href;

/** Enter the caller's folder in a process, and return its working folder and what its children inherit. */
async function enterIn(cwd: string, caller: string) {
  const program = `import { enterCallersFolder } from ${JSON.stringify(MODULE)};
enterCallersFolder();
console.log(JSON.stringify([Deno.cwd(), Deno.env.get("INIT_CWD") ?? null]));`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "-q", "--config", join(ROOT, "deno.json"), program],
    cwd,
    env: { INIT_CWD: caller },
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("enterCallersFolder() goes to the folder of the caller from the root of the checkout, and tells no child", () =>
  inTempDir(async (folder) => {
    const real = await Deno.realPath(folder);
    assertEquals(await enterIn(ROOT, real), [real, null]);
  }));

Deno.test("enterCallersFolder() stays in any other folder: the variable is that of another program", () =>
  inTempDir(async (folder) => {
    const real = await Deno.realPath(folder);
    assertEquals(await enterIn(real, join(ROOT, "docs")), [real, join(ROOT, "docs")]);
  }));
