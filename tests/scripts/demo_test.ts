import { assert, assertEquals, assertMatch } from "@std/assert";
import { walk } from "@std/fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { command } from "../../scripts/demo.ts";
import { callCommand } from "../helpers/call_command.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

Deno.test("demo names an output that is a file", () =>
  inTempDir(async (folder) => {
    await Deno.writeTextFile(join(folder, "file"), "");
    const { code, err } = await callCommand(command, ["-o", join(folder, "file")]);
    assertEquals(code, 2, err);
    assertMatch(err, /^error: Cannot continue: .*mkdir '.*file'\nhint: Name another path/);
  }));

Deno.test("demo refuses a folder that has files: they would be deleted with it", () =>
  inTempDir(async (folder) => {
    await Deno.writeTextFile(join(folder, "mine.safetensors"), "");
    const { code, err } = await callCommand(command, ["-o", folder]);
    assertEquals(code, 4, err);
    assertMatch(err, /for the demo: it is not empty\nhint: Name a new folder, or leave -o out/);
  }));

/** Settings of a library that would spoil the demo: files written into it, or left out. */
const SETTINGS =
  "output: real\nengine: stable\nquota: 1\ndownload: {users: users.txt, latest-only: true, images: false}\n";

Deno.test("demo is killed once and resumes with correct bytes in a new folder, whatever is configured", () =>
  inTempDir(async (folder) => {
    await Deno.mkdir(join(folder, "config", "civitai-dl"), { recursive: true });
    await Deno.writeTextFile(join(folder, "config", "civitai-dl", "civitai-dl.yml"), SETTINGS);
    await Deno.writeTextFile(join(folder, "civitai-dl.yml"), SETTINGS);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--no-prompt", "-P=demo", `--config=${ROOT}deno.json`, `${ROOT}scripts/demo.ts`, "--json"],
      cwd: folder,
      env: { XDG_CONFIG_HOME: join(folder, "config"), CIVITAI_DL_OUTPUT: "real" },
    }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    const result = JSON.parse(new TextDecoder().decode(stdout));
    assertMatch(result.folder, /[\\/]civitai-dl-demo-[0-9a-f]{8}$/);
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).some(({ name }) => name === "real"), false);
    assertEquals([result.schema, result.wrong, result.creators.length], ["civitai-dl/demo", 0, 3]);
    assert(result.files > 0 && result.killedAfterFiles > 0 && result.faults > 0);
    assertMatch(result.tree, /^├── images\/$/m);
    // Every size at which the engine takes another way is below that of its largest file.
    const sizes = await Array.fromAsync(
      walk(result.folder, { includeDirs: false }),
      ({ path }) => Deno.statSync(path).size,
    );
    assertEquals(Math.max(...sizes), 96 << 20);
  }));
