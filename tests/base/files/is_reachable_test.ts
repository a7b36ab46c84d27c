import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { isReachable } from "../../../lib/base/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

Deno.test({
  name: "isReachable() follows links, and finds nothing where they end nowhere or below a file",
  // Windows allows links only to administrators.
  ignore: Deno.build.os === "windows",
  fn: () =>
    inTempDir(async (folder) => {
      await Deno.writeTextFile(join(folder, "file"), "");
      await Deno.symlink("file", join(folder, "link"));
      await Deno.symlink("nowhere", join(folder, "dangling"));
      await Deno.symlink("loop", join(folder, "loop"));
      const names = [".", "file", "link", "other", "file/below", "dangling", "loop"];
      assertEquals(names.map((name) => isReachable(join(folder, name))), [true, true, true, ...Array(4).fill(false)]);
    }),
});
