import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { killChanges } from "../acceptance/change_kills.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

Deno.test("a process that is killed while it forgets or undoes loses no file, and the rest is finished", () =>
  inTempDir(async (folder) => {
    const { lost, unopened, isSame } = await killChanges(join(folder, "library"), { kills: 8, files: 120 });
    assertEquals({ lost, unopened, isSame }, { lost: 0, unopened: 0, isSame: true });
  }));
