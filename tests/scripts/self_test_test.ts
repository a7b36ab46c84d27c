import { assertEquals, assertStringIncludes } from "@std/assert";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import config from "../../deno.json" with { type: "json" };
import { VERSION } from "../../lib/base/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

async function run(flags: readonly string[], temporary: string): Promise<Deno.CommandOutput> {
  return await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", ...flags, join(ROOT, "scripts/self_test.ts"), "--json"],
    cwd: ROOT,
    env: { TMPDIR: temporary },
    stdin: "null",
  }).output();
}

Deno.test("self-test downloads and reads the catalog back, and leaves nothing behind", () =>
  inTempDir(async (folder) => {
    const { code, stdout, stderr } = await run(["-P=selfTest"], folder);
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    const result = JSON.parse(new TextDecoder().decode(stdout));
    assertEquals([result.schema, result.programVersion, result.isOk], ["civitai-dl/self-test", VERSION, true]);
    assertEquals(result.steps.map(({ name }: { name: string }) => name), ["sandbox", "download", "hashes", "catalog"]);
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  }));

Deno.test("self-test exits with 1 and names the step where the program does not work", () =>
  inTempDir(async (folder) => {
    // The temporary folder may be written, but not read. The packages of @std may be linked from elsewhere.
    const sources = [ROOT, ...config.links.map((link) => resolve(ROOT, link))];
    const flags = [
      `--allow-read=${sources.join(",")}`,
      "--allow-write",
      "--allow-env",
      "--allow-sys",
      "--allow-net=127.0.0.1",
    ];
    const { code, stdout } = await run(flags, folder);
    assertEquals(code, 1);
    const result = JSON.parse(new TextDecoder().decode(stdout));
    assertEquals([result.isOk, result.steps.length], [false, 2]);
    assertStringIncludes(result.steps[1].detail, "Requires read access");
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  }));
