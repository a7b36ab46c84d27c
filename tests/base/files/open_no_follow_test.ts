import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "node:path";
import {
  acquireLock,
  KitError,
  openNoFollow,
  openNoFollowSync,
  temporaryPathOf,
  writeAtomic,
  writeAtomicSync,
} from "../../../lib/base/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

/** A link to another user's file at the path of one of ours. */
async function plant(folder: string, name: string): Promise<{ readonly path: string; readonly victim: string }> {
  const path = join(folder, name);
  const victim = join(folder, "victim");
  await Deno.writeTextFile(victim, "precious");
  await Deno.symlink(victim, path);
  return { path, victim };
}

function assertRefusal(error: unknown, path: string): void {
  assert(error instanceof KitError);
  assertEquals(error.code, "unsafe");
  assertStringIncludes(error.message, `Cannot use "${path}": a link is in its place`);
  assertStringIncludes(error.hint!, `ls -ld "${path}"`);
}

Deno.test("openNoFollow() never writes through a link", () =>
  inTempDir(async (folder) => {
    const { path, victim } = await plant(folder, "a.part");
    const options = { write: true, create: true, truncate: true };
    assertRefusal(await assertRejects(() => openNoFollow(path, options)), path);
    assertRefusal(assertThrows(() => openNoFollowSync(path, options)), path);
    assertEquals(await Deno.readTextFile(victim), "precious");
    await Deno.remove(victim);
    assertRefusal(await assertRejects(() => openNoFollow(path, options)), path);
    assertEquals(await Deno.lstat(victim).catch(() => "none"), "none");
  }));

Deno.test("openNoFollow() opens, creates, truncates and appends like Deno.open", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "log");
    await assertRejects(() => openNoFollow(path, { write: true }), Deno.errors.NotFound);
    const add = { append: true, create: true, mode: 0o600 };
    for (const text of ["one", "two"]) {
      using file = await openNoFollow(path, add);
      await file.write(new TextEncoder().encode(text));
      using again = openNoFollowSync(path, add);
      again.writeSync(new TextEncoder().encode("!"));
    }
    assertEquals([await Deno.readTextFile(path), (await Deno.stat(path)).mode! & 0o777], ["one!two!", 0o600]);
    (await openNoFollow(path, { write: true, create: true, truncate: true })).close();
    assertEquals(await Deno.readTextFile(path), "");
    await assertRejects(() => openNoFollow(path, { write: true, createNew: true }), Deno.errors.AlreadyExists);
  }));

Deno.test("openNoFollow() closes a file that it cannot truncate", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "log");
    await Deno.writeTextFile(path, "precious");
    // Only a file that is open for writing can be cut. The test runner reports files that stay open.
    const options = { read: true, truncate: true };
    await assertRejects(() => openNoFollow(path, options));
    assertThrows(() => openNoFollowSync(path, options));
    assertEquals(await Deno.readTextFile(path), "precious");
  }));

Deno.test("openNoFollow() opens no folder and does not block on a pipe", () =>
  inTempDir(async (folder) => {
    await Deno.mkdir(join(folder, "lock"));
    await assertRejects(
      () => openNoFollow(join(folder, "lock"), { write: true, create: true }),
      Deno.errors.IsADirectory,
    );
    await new Deno.Command("mkfifo", { args: [join(folder, "pipe")] }).output();
    await assertRejects(() => openNoFollow(join(folder, "pipe"), { append: true, create: true }), KitError, "a pipe");
  }));

Deno.test("openNoFollow() opens a file while other processes rotate it", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "log");
    const open = async () => (await openNoFollow(path, { append: true, create: true })).close();
    const rotate = async () => {
      for (let round = 0; round < 200; round++) await Deno.rename(path, `${path}.1`).catch(() => {});
    };
    await Promise.all([...Array.from({ length: 200 }, open), rotate()]);
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).every(({ isFile }) => isFile), true);
  }));

Deno.test("writeAtomic() refuses a link at its temporary path and keeps the target", () =>
  inTempDir(async (folder) => {
    const { path, victim } = await plant(folder, "state.json.civitai-dl.tmp");
    const target = join(folder, "state.json");
    assertEquals(temporaryPathOf(target), path);
    assertRefusal(await assertRejects(() => writeAtomic(target, "x")), path);
    assertRefusal(assertThrows(() => writeAtomicSync(target, "x")), path);
    assertEquals([await Deno.readTextFile(victim), (await Deno.lstat(path)).isSymlink], ["precious", true]);
  }));

Deno.test("writeAtomic() replaces a link at the final path, and the leftovers of a killed process", () =>
  inTempDir(async (folder) => {
    const { path, victim } = await plant(folder, "state.json");
    await Deno.writeTextFile(temporaryPathOf(path), "half", { mode: 0o644 });
    await writeAtomic(path, "new", { mode: 0o600 });
    assertEquals([await Deno.readTextFile(victim), await Deno.readTextFile(path)], ["precious", "new"]);
    const { isFile, mode } = await Deno.lstat(path);
    assertEquals([isFile, mode! & 0o777], [true, 0o600]);
  }));

Deno.test("acquireLock() neither locks nor writes the target of a link", () =>
  inTempDir(async (folder) => {
    const { path, victim } = await plant(folder, "lock");
    assertRefusal(await assertRejects(() => acquireLock(path, { command: "test" })), path);
    assertEquals(await Deno.readTextFile(victim), "precious");
  }));
