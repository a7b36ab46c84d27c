import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { existsSync } from "../../../lib/base/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

Deno.test("existsSync() finds files and folders, and nothing below a file", () =>
  inTempDir(async (folder) => {
    await Deno.writeTextFile(join(folder, "file"), "");
    const found = [".", "file", "other", "file/below"].map((name) => existsSync(join(folder, name)));
    assertEquals(found, [true, true, false, false]);
  }));

Deno.test({
  name: "existsSync() finds a link that leads nowhere, and nothing below one that leads to itself",
  // Windows allows links only to administrators.
  ignore: Deno.build.os === "windows",
  fn: () =>
    inTempDir(async (folder) => {
      await Deno.symlink("nowhere", join(folder, "dangling"));
      await Deno.symlink("loop", join(folder, "loop"));
      const found = ["dangling", "nowhere", "loop", "loop/below"].map((name) => existsSync(join(folder, name)));
      assertEquals(found, [true, false, true, false]);
    }),
});
