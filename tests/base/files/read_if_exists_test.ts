import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { listIfExists, readTextIfExists } from "../../../lib/base/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

Deno.test("readTextIfExists() and listIfExists() take only what is missing for empty", () =>
  inTempDir(async (folder) => {
    const file = join(folder, "a.txt");
    assertEquals([await readTextIfExists(file), await listIfExists(join(folder, "none"))], [null, []]);
    await Deno.writeTextFile(file, "x");
    assertEquals([await readTextIfExists(file), (await listIfExists(folder)).map(({ name }) => name)], ["x", [
      "a.txt",
    ]]);
    await assertRejects(() => readTextIfExists(folder), Deno.errors.IsADirectory);
    await assertRejects(() => listIfExists(file), Deno.errors.NotADirectory);
  }));
