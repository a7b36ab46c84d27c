import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "node:path";
import { KitError, temporaryPathOf, writeAtomic, writeAtomicSync } from "../../../lib/base/mod.ts";
import { mountSmallDisk, noSmallDisk } from "../../helpers/small_disk.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

Deno.test("writeAtomic() replaces the whole content and leaves no temporary file", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "state.json");
    await writeAtomic(path, "old and long");
    await writeAtomic(path, "new");
    assertEquals(await Deno.readTextFile(path), "new");
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).map((entry) => entry.name), ["state.json"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("writeAtomic() keeps the old content if it fails", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(join(folder, "target"));
    await assertRejects(() => writeAtomic(join(folder, "target"), "x"));
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).map((entry) => entry.name), ["target"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("writeAtomic() applies the mode from the start", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "secret");
    await writeAtomic(path, "x", { mode: 0o600, sync: false });
    assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("writeAtomic() succeeds for concurrent writers of one file and never shows partial content", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "report.json");
    const text = (writer: number) => JSON.stringify({ writer, text: "x".repeat(5000) });
    await writeAtomic(path, text(0));
    const write = async (writer: number): Promise<void> => {
      for (let round = 0; round < 50; round++) {
        await writeAtomic(path, text(writer), { sync: false });
        assertEquals(JSON.parse(await Deno.readTextFile(path)).text.length, 5000);
      }
    };
    await Promise.all([1, 2, 3].map(write));
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).map((entry) => entry.name), ["report.json"]);
  }));

Deno.test("writeAtomicSync() keeps a file that another writer holds, and reports it after a time limit", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "state.json");
    const temporary = temporaryPathOf(path);
    using held = await Deno.open(temporary, { write: true, createNew: true });
    await held.lock(true);
    assertThrows(() => writeAtomicSync(path, "x"), KitError, `Cannot write "${path}": another process is writing it`);
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).map((entry) => entry.name), [
      "state.json.civitai-dl.tmp",
    ]);
    held.unlockSync();
    writeAtomicSync(path, "x");
    assertEquals(await Deno.readTextFile(path), "x");
  }));

Deno.test("writeAtomic() replaces what a killed process of another user left behind", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "state.json");
    await Deno.writeTextFile(temporaryPathOf(path), "half", { mode: 0o000 });
    await writeAtomic(path, "new");
    writeAtomicSync(path, "newer");
    assertEquals(await Deno.readTextFile(path), "newer");
  }));

const why = await noSmallDisk();

Deno.test({
  name: `writeAtomic() names the file that a full disk has no room for${why === null ? "" : ` (skipped: ${why})`}`,
  ignore: why !== null,
  fn: () =>
    inTempDir(async (folder) => {
      await using disk = (await mountSmallDisk(folder, 64 << 10))!;
      disk.fill();
      const path = join(folder, "report.html");
      const expected = `No space left on device (os error 28): write '${path}'`;
      await assertRejects(() => writeAtomic(path, "x".repeat(9000)), Error, expected);
      assertThrows(() => writeAtomicSync(path, "x".repeat(9000)), Error, expected);
    }),
});
