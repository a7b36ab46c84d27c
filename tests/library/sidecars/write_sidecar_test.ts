import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { writeSidecar } from "../../../lib/library/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

Deno.test("writeSidecar() merges on disk and does not write an up-to-date file", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "x.json");
    const first = await writeSidecar(path, { a: 1 });
    await Deno.utime(path, 1000, 1000);
    const second = await writeSidecar(path, { a: 1 }, { previous: first.memory, sync: true });
    assertEquals(second.status, "unchanged");
    assertEquals((await Deno.stat(path)).mtime?.getTime(), 1_000_000);
    await writeSidecar(path, { a: 2 }, { previous: second.memory, sync: true });
    assertEquals(JSON.parse(await Deno.readTextFile(path)), { a: 2 });
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).length, 1);
  }));

Deno.test("writeSidecar() keeps a user's description", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "description.md");
    const first = await writeSidecar(path, "ours\n");
    await Deno.writeTextFile(path, "mine\n");
    assertEquals((await writeSidecar(path, "newer\n", { previous: first.memory })).status, "kept");
    assertEquals(await Deno.readTextFile(path), "mine\n");
  }));

Deno.test("writeSidecar() keeps the real sidecars of other tools", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "x.json");
    await Deno.copyFile(new URL("../fixtures/lantern_fields_xl_v2.json", import.meta.url), path);
    const before = await Deno.readTextFile(path);
    const merge = await writeSidecar(path, { "sd version": "SD1", "notes": "", "preferred weight": 0 });
    assertEquals(merge.status, "unchanged");
    assertEquals(await Deno.readTextFile(path), before);
  }));

Deno.test("writeSidecar() keeps binary content", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "x.json");
    await Deno.writeFile(path, new Uint8Array([0x7b, 0xff, 0xfe]));
    const merge = await writeSidecar(path, { a: 1 });
    assertEquals([merge.status, merge.reason], ["kept", "it is not readable text"]);
    assertEquals((await Deno.readFile(path)).length, 3);
  }));

Deno.test("writeSidecar() rewrites a file that a power failure left empty", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "x.json");
    await Deno.writeFile(path, new Uint8Array(10));
    assertEquals((await writeSidecar(path, { a: 1 })).status, "created");
  }));

Deno.test("writeSidecar() neither writes nor copies through a link", () =>
  inTempDir(async (folder) => {
    const outside = join(folder, "outside.json");
    const path = join(folder, "x.json");
    await Deno.writeTextFile(outside, "{}");
    await Deno.symlink(outside, path);
    const { status, reason } = await writeSidecar(path, { a: 1 });
    assertEquals([status, reason], ["kept", "it is a link"]);
    assertEquals(await Deno.readTextFile(outside), "{}");
    assertEquals((await Deno.lstat(path)).isSymlink, true);
  }));

Deno.test("writeSidecar() rethrows the errors of the system", () =>
  inTempDir(async (folder) => {
    await assertRejects(() => writeSidecar(join(folder, "no", "x.json"), { a: 1 }), Deno.errors.NotFound);
    await assertRejects(() => writeSidecar(folder, "x"));
  }));
