import { assertEquals, assertRejects } from "@std/assert";
import { exists } from "@std/fs";
import { join } from "node:path";
import { removeLockedFolder } from "../../../lib/base/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

/** A folder with a lock, and with entries that sort before and after it. */
async function makeLeft(folder: string): Promise<string> {
  const left = join(folder, "left");
  for (const name of ["a", "z"]) await Deno.mkdir(join(left, name), { recursive: true });
  for (const name of ["lock", "record.json"]) await Deno.writeTextFile(join(left, name), "");
  return left;
}

Deno.test("removeLockedFolder() removes everything, the lock last", () =>
  inTempDir(async (folder) => {
    const left = await makeLeft(folder);
    const order: string[] = [];
    await removeLockedFolder(left, {
      async remove(path, options) {
        order.push(path);
        await Deno.remove(path, options);
      },
    });
    assertEquals(order.slice(-2), [join(left, "lock"), left]);
    assertEquals([order.length, await exists(left)], [5, false]);
    // Another process was faster.
    await removeLockedFolder(left);
  }));

Deno.test("removeLockedFolder() keeps the lock if something cannot be removed, and removes the rest", () =>
  inTempDir(async (folder) => {
    for (const stubborn of ["a", "z", "record.json"]) {
      const left = await makeLeft(folder);
      const remove = (path: string, options?: Deno.RemoveOptions) =>
        path === join(left, stubborn)
          ? Promise.reject(new Error("Directory not empty (os error 39)"))
          : Deno.remove(path, options);
      await assertRejects(() => removeLockedFolder(left, { remove }), Error, "not empty");
      const names = (await Array.fromAsync(Deno.readDir(left))).map(({ name }) => name).sort();
      assertEquals(names, [stubborn, "lock"].sort());
      await removeLockedFolder(left);
      assertEquals(await exists(left), false);
    }
  }));

Deno.test("removeLockedFolder() restores the lock if a file appears meanwhile", () =>
  inTempDir(async (folder) => {
    const left = await makeLeft(folder);
    const remove = async (path: string, options?: Deno.RemoveOptions) => {
      await Deno.remove(path, options);
      if (path === join(left, "lock")) await Deno.mkdir(join(left, "late"));
    };
    await assertRejects(() => removeLockedFolder(left, { remove }));
    assertEquals([await exists(join(left, "lock")), await exists(join(left, "late"))], [true, true]);
  }));
