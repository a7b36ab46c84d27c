import { assert, assertEquals, assertMatch } from "@std/assert";
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

Deno.test("demo is killed once and resumes with correct bytes, under its own permissions", () =>
  inTempDir(async (folder) => {
    const library = join(folder, "demo");
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--no-prompt", "-P=demo", "scripts/demo.ts", "-o", library, "--json"],
      cwd: ROOT,
    }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    const result = JSON.parse(new TextDecoder().decode(stdout));
    assertEquals([result.schema, result.wrong, result.creators.length], ["civitai-dl/demo", 0, 3]);
    assert(result.files > 0 && result.killedAfterFiles > 0 && result.faults > 0);
    assertMatch(result.tree, /^[├└]── /);
    assert(result.durationMs < 60_000);
  }));
