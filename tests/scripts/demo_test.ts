import { assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { command } from "../../scripts/demo.ts";
import { callCommand } from "../helpers/call_command.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

Deno.test("demo names an output that is a file", () =>
  inTempDir(async (folder) => {
    await Deno.writeTextFile(join(folder, "file"), "");
    const { code, err } = await callCommand(command, ["-o", join(folder, "file")]);
    assertEquals(code, 2, err);
    assertMatch(err, /^error: Cannot continue: .*mkdir '.*file'\nhint: Name another path/);
  }));
