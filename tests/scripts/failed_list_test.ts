import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { parseTargetList } from "../../lib/civitai/mod.ts";
import { writeFailedList } from "../../scripts/_failed_list.ts";
import { inTempDir } from "../library/_temp_dir.ts";

const item = { key: "k", target: "version:7", path: "models/a b.bin", failure: "dns", message: "m" } as const;

Deno.test("writeFailedList() writes what --from reads again, each target once", () =>
  inTempDir(async (root) => {
    await writeFailedList(root, [item, { ...item, path: "x\n# y" }, { ...item, target: "image:9" }]);
    const text = await Deno.readTextFile(join(root, "failed.txt"));
    const { targets, problems } = parseTargetList(text, { kind: "any", source: "failed.txt" });
    assertEquals(problems, []);
    assertEquals(targets.map((entry) => entry.target), [
      { type: "version", versionId: 7, fileId: null },
      { type: "image", imageId: 9 },
    ]);
  }));

Deno.test("writeFailedList() takes an old list away when nothing failed, and leaves it when nothing was tried", () =>
  inTempDir(async (root) => {
    const names = async () => (await Array.fromAsync(Deno.readDir(root))).map((entry) => entry.name);
    await writeFailedList(root, [item]);
    await writeFailedList(root, null);
    assertEquals(await names(), ["failed.txt"]);
    await writeFailedList(root, []);
    await writeFailedList(root, []);
    assertEquals(await names(), []);
  }));
