import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { KitError, temporaryPathOf, writeFiles } from "../../../lib/base/mod.ts";
import { mountSmallDisk, noSmallDisk } from "../../helpers/small_disk.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

async function textsIn(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).toSorted();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await Deno.readTextFile(join(folder, name))])),
  );
}

for (const sync of [true, false]) {
  Deno.test(`writeFiles() replaces old files, links and what a killed process left, with sync ${sync}`, () =>
    inTempDir(async (folder) => {
      const [old, link, half, outside] = ["old", "link", "half", "outside"].map((name) => join(folder, name));
      await Deno.writeTextFile(old!, "before");
      await Deno.writeTextFile(outside!, "mine");
      await Deno.symlink(outside!, link!);
      await Deno.writeTextFile(temporaryPathOf(half!), "longer than the new content", { mode: 0o000 });
      assertEquals(await writeFiles(new Map([[old!, "1"], [link!, "2"], [half!, "3"]]), { sync }), []);
      assertEquals(await textsIn(folder), { half: "3", link: "2", old: "1", outside: "mine" });
    }));

  Deno.test(`writeFiles() returns the files that it cannot write, and writes the others, with sync ${sync}`, () =>
    inTempDir(async (folder) => {
      const [good, refused, lost] = ["good", "refused", "gone/lost"].map((name) => join(folder, name));
      await Deno.symlink("elsewhere", temporaryPathOf(refused!));
      const failed = await writeFiles(new Map([[refused!, "1"], [lost!, "2"], [good!, "3"]]), { sync });
      const byPath = new Map(failed.map(({ path, error }) => [path, error]));
      assertEquals(byPath.size, 2);
      const refusal = byPath.get(refused!);
      assert(refusal instanceof KitError && refusal.code === "unsafe");
      assert(byPath.get(lost!) instanceof Deno.errors.NotFound);
      assertEquals(await Deno.readTextFile(good!), "3");
      // What it did not make is not removed.
      assert((await Deno.lstat(temporaryPathOf(refused!))).isSymlink);
    }));
}

const why = await noSmallDisk();

Deno.test({
  name: `writeFiles() leaves the old content on a full disk, and no half file${
    why === null ? "" : ` (skipped: ${why})`
  }`,
  ignore: why !== null,
  fn: () =>
    inTempDir(async (folder) => {
      await using disk = (await mountSmallDisk(folder, 64 << 10))!;
      const path = join(folder, "notes.md");
      await Deno.writeTextFile(path, "before");
      disk.fill();
      const [failed] = await writeFiles(new Map([[path, "x".repeat(9000)]]), { sync: true });
      assertStringIncludes(String(failed?.error), `No space left on device (os error 28): write '${path}'`);
      assertEquals(await Deno.readTextFile(path), "before");
      assert(await Deno.lstat(temporaryPathOf(path)).then(() => false, () => true));
    }),
});
