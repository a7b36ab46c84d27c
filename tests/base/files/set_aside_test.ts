import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { setAside, setAsideSync } from "../../../lib/base/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

Deno.test("setAside() keeps the first nine files of a name and the last one", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "state.json");
    const names: string[] = [];
    for (let number = 1; number <= 12; number++) {
      await Deno.writeTextFile(path, `damage ${number}`);
      names.push(number % 2 === 0 ? setAsideSync(path) : await setAside(path));
    }
    const expected = [".corrupt", ...[2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10].map((number) => `.corrupt-${number}`)];
    assertEquals(names, expected.map((ending) => `${path}${ending}`));
    const kept = await Promise.all(names.slice(0, 10).map((name) => Deno.readTextFile(name)));
    assertEquals(kept, [1, 2, 3, 4, 5, 6, 7, 8, 9, 12].map((number) => `damage ${number}`));
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).length, 10);
  }));

Deno.test("setAside() takes a dangling link for a name that is in use", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "state.json");
    await Deno.writeTextFile(path, "damage");
    await Deno.symlink("nowhere", `${path}.corrupt`);
    assertEquals(await setAside(path), `${path}.corrupt-2`);
  }));
