import { assertEquals, assertRejects } from "@std/assert";
import { lchownSync } from "node:fs";
import { join } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import { resolveInside } from "../../lib/library/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const WITHOUT_ROOT = Deno.uid() === 0 ? "" : " (skipped: only root can change the owner of a link)";

async function assertUnsafe(fn: () => Promise<unknown>, text: string): Promise<void> {
  assertEquals((await assertRejects(fn, KitError, "Cannot use", text)).code, "unsafe");
}

Deno.test("resolveInside() resolves existing and missing paths below the library", () =>
  inTempDir(async (folder) => {
    assertEquals(await resolveInside(folder, "a/b/c.pt"), join(folder, "a", "b", "c.pt"));
    await Deno.mkdir(join(folder, "a"));
    assertEquals(await resolveInside(folder, "a/..b"), join(folder, "a", "..b"));
  }));

Deno.test("resolveInside() refuses every path outside", () =>
  inTempDir(async (folder) => {
    const bad = ["..", "../x", "a/../../x", "/etc/passwd", "C:\\x", "c:x", "a\\..\\x", "", ".", "a//b", "a/", "a\0b"];
    for (const path of bad) await assertUnsafe(() => resolveInside(folder, path), path);
  }));

Deno.test("resolveInside() follows the user's link to a folder on another disk", () =>
  inTempDir(async (folder) => {
    const root = join(folder, "root");
    const disk = join(folder, "disk");
    await Deno.mkdir(root);
    await Deno.mkdir(disk);
    await Deno.symlink(disk, join(root, "models"));
    assertEquals(await resolveInside(root, "models/x.pt"), join(root, "models", "x.pt"));
  }));

Deno.test("resolveInside() does not write through a link to outside, or a dangling one", () =>
  inTempDir(async (folder) => {
    const root = join(folder, "root");
    await Deno.mkdir(root);
    await Deno.writeTextFile(join(folder, "secret"), "x");
    await Deno.writeTextFile(join(root, "inside"), "x");
    await Deno.symlink(join(folder, "secret"), join(root, "out.pt"));
    await Deno.symlink(join(folder, "none"), join(root, "dangling"));
    await Deno.symlink(join(root, "loop"), join(root, "loop"));
    await Deno.symlink(join(root, "inside"), join(root, "in.pt"));
    for (const path of ["out.pt", "dangling", "dangling/x.pt", "loop"]) {
      await assertUnsafe(() => resolveInside(root, path), path);
    }
    assertEquals(await resolveInside(root, "in.pt"), join(root, "in.pt"));
  }));

Deno.test("resolveInside() reads through the user's own link to a file on another disk", () =>
  inTempDir(async (folder) => {
    const root = join(folder, "root");
    await Deno.mkdir(root);
    await Deno.writeTextFile(join(folder, "big.pt"), "x");
    await Deno.symlink(join(folder, "big.pt"), join(root, "big.pt"));
    assertEquals(await resolveInside(root, "big.pt", { access: "read" }), join(root, "big.pt"));
    await assertUnsafe(() => resolveInside(root, "big.pt"), "big.pt");
  }));

Deno.test({
  name: `resolveInside() follows no link of another user${WITHOUT_ROOT}`,
  ignore: Deno.uid() !== 0,
  fn: () =>
    inTempDir(async (folder) => {
      const root = join(folder, "root");
      for (const path of [root, join(folder, "disk")]) await Deno.mkdir(path);
      await Deno.symlink(join(folder, "disk"), join(root, "models"));
      lchownSync(join(root, "models"), 12345, 12345);
      for (const access of ["read", "write"] as const) {
        await assertUnsafe(() => resolveInside(root, "models/x.pt", { access }), "made by another user");
      }
      // The owner of the library controls everything in it anyway.
      await Deno.chown(root, 12345, 12345);
      assertEquals(await resolveInside(root, "models/x.pt"), join(root, "models", "x.pt"));
    }),
});
