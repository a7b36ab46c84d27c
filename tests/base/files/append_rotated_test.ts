import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { appendRotated } from "../../../lib/base/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

Deno.test("appendRotated() that keeps no old files starts the log again", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "log");
    for (const line of ["one", "two", "three"]) appendRotated(path, line, { maxBytes: 9, keep: 0 });
    assertEquals(await Deno.readTextFile(path), "three\n");
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).toSorted(), ["log", "log.lock"]);
  }));
