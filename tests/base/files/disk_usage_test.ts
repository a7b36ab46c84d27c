import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { diskUsage, mountPoint } from "../../../lib/base/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

Deno.test({
  name: "diskUsage() agrees with df (Linux only)",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    inTempDir(async (folder) => {
      const { stdout } = await new Deno.Command("df", { args: ["--output=avail,pcent", "-B1", folder] }).output();
      const [, free, percent] = /(\d+)\s+(\d+)%/.exec(new TextDecoder().decode(stdout))!;
      const { usedPercent, freeBytes } = await diskUsage(folder);
      // Other processes write to the same disk meanwhile, and df rounds up.
      assert(Math.abs(usedPercent - Number(percent)) <= 1.5, `${usedPercent} is not ${percent}`);
      assert(Math.abs(freeBytes - Number(free)) <= 0.05 * Number(free) + 1e8, `${freeBytes} is not ${free}`);
    }),
});

Deno.test("diskUsage() fails for a missing path", () =>
  inTempDir(async (folder) => {
    await assertRejects(() => diskUsage(join(folder, "none")), Error, "ENOENT");
  }));

Deno.test({
  name: "mountPoint() agrees with df (Linux only)",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    inTempDir(async (folder) => {
      const { stdout } = await new Deno.Command("df", { args: ["--output=target", folder] }).output();
      assertEquals(await mountPoint(folder), new TextDecoder().decode(stdout).trim().split("\n")[1]);
    }),
});
