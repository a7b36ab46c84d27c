import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { KitError } from "../../lib/base/mod.ts";
import { setLinks } from "../../scripts/std.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SCRIPT = join(ROOT, "scripts", "std.ts");

async function ownConfig(): Promise<string> {
  // Whatever is linked while this test runs.
  return setLinks(await Deno.readTextFile(join(ROOT, "deno.json")), "local");
}

Deno.test("setLinks() restores the exact text", async () => {
  const config = await ownConfig();
  for (const which of ["jsr", "/a/checkout", "/with $& and $1"]) {
    const other = setLinks(config, which);
    assert(other !== config);
    assertEquals(setLinks(other, "local"), config);
    assertEquals(setLinks(setLinks(other, "jsr"), "local"), config);
  }
});

Deno.test("setLinks() sets the five packages, none, or a whole checkout", async () => {
  const config = await ownConfig();
  assertEquals(JSON.parse(config).links, ["assert", "async", "cli", "fs", "yaml"].map((name) => `./std/${name}`));
  assertEquals(JSON.parse(config).lock, { frozen: true });
  const fromJsr = JSON.parse(setLinks(config, "jsr"));
  // deno.lock stays as it is.
  assertEquals([fromJsr.links, fromJsr.lock], [[], { path: "deno.std.lock", frozen: false }]);
  assertEquals(JSON.parse(setLinks(config, '/with $& and "quotes"')).links, ['/with $& and "quotes"']);
});

Deno.test("setLinks() requires a list of links", () => {
  assertThrows(() => setLinks("{}", "jsr"), KitError, 'no "links"');
});

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(folder: string, ...words: readonly string[]): Promise<Ran> {
  const written = ["deno.json", "deno.std.lock"].map((name) => join(folder, name));
  const permissions = ["--allow-read", `--allow-write=${written.join(",")}`];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-lock", "--no-prompt", ...permissions, SCRIPT, ...words],
    cwd: folder,
  }).output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

Deno.test("std switches the configuration in the working folder, and restores it", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "deno.json");
    await Deno.writeTextFile(path, '{\n  "links": [\n    "./std/assert"\n  ]\n}\n');
    assertEquals(await run(folder, "jsr"), { code: 0, stdout: "@std comes from jsr now\n", stderr: "" });
    assertEquals(await Deno.readTextFile(path), '{\n  "links": []\n}\n');
    for (const words of [[], ["--help"], ["/no/such/checkout"]]) {
      const { code, stderr } = await run(folder, ...words);
      assertEquals(code, 2);
      assertStringIncludes(stderr, "error: Cannot switch @std");
    }
    assertEquals(await Deno.readTextFile(path), '{\n  "links": []\n}\n');
  }));
