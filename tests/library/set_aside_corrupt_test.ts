import { assertEquals, assertRejects } from "@std/assert";
import { exists } from "@std/fs";
import { join } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import { setAsideCorrupt } from "../../lib/library/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

async function put(path: string, text: string): Promise<string> {
  await Deno.writeTextFile(path, text);
  return path;
}

Deno.test("setAsideCorrupt() keeps files with the same name side by side", () =>
  inTempDir(async (root) => {
    const path = join(root, "x.safetensors");
    assertEquals(await setAsideCorrupt(root, await put(path, "1")), join(root, "corrupted", "x.safetensors"));
    assertEquals(await setAsideCorrupt(root, await put(path, "2")), join(root, "corrupted", "x (2).safetensors"));
    await put(path, "3");
    assertEquals(await setAsideCorrupt(root, "x.safetensors"), join(root, "corrupted", "x (3).safetensors"));
    assertEquals(await exists(path), false);
    assertEquals(await Deno.readTextFile(join(root, "corrupted", "x (2).safetensors")), "2");
  }));

Deno.test("setAsideCorrupt() gives two concurrent files different names", () =>
  inTempDir(async (root) => {
    for (const folder of ["a", "b"]) await Deno.mkdir(join(root, folder));
    const paths = await Promise.all(["a", "b"].map(async (folder) => await put(join(root, folder, "x.pt"), folder)));
    const moved = await Promise.all(paths.map((path) => setAsideCorrupt(root, path)));
    assertEquals((await Promise.all(moved.map((path) => Deno.readTextFile(path)))).join(""), "ab");
  }));

Deno.test("setAsideCorrupt() leaves nothing behind without a file to move", () =>
  inTempDir(async (root) => {
    await assertRejects(() => setAsideCorrupt(root, "none.pt"), Deno.errors.NotFound);
    assertEquals(await Array.fromAsync(Deno.readDir(join(root, "corrupted"))), []);
  }));

Deno.test("setAsideCorrupt() touches nothing outside the library", () =>
  inTempDir(async (folder) => {
    const outside = await put(join(folder, "x.pt"), "x");
    await Deno.mkdir(join(folder, "root"));
    await assertRejects(() => setAsideCorrupt(join(folder, "root"), outside), KitError, "leads out");
    assertEquals(await Deno.readTextFile(outside), "x");
  }));

Deno.test("setAsideCorrupt() copies a file from a linked folder on another disk", () =>
  inTempDir(async (root) => {
    const path = await put(join(root, "x.pt"), "x");
    const rename = (): Promise<void> => Promise.reject(new Error("Invalid cross-device link (os error 18)"));
    assertEquals(await Deno.readTextFile(await setAsideCorrupt(root, path, { rename })), "x");
    assertEquals(await exists(path), false);
  }));

Deno.test("setAsideCorrupt() flushes the copy of a file from another disk before it deletes the file", () =>
  inTempDir(async (root) => {
    const path = await put(join(root, "x.pt"), "x");
    await Deno.chmod(path, 0o444);
    const rename = (): Promise<void> => Promise.reject(new Error("Invalid cross-device link (os error 18)"));
    const flushed: boolean[] = [];
    using _files = watchFlushes(async () => void flushed.push(await exists(path)));
    const to = await setAsideCorrupt(root, path, { rename });
    // The copy and its folder while the file is there, both folders after it is gone.
    assertEquals(flushed, [true, true, false, false]);
    assertEquals(await Deno.readTextFile(to), "x");
  }));

/** Call back before each flush of a file or folder until the result is disposed. */
function watchFlushes(onFlush: () => Promise<void>): Disposable {
  const { sync } = Deno.FsFile.prototype;
  Deno.FsFile.prototype.sync = async function () {
    await onFlush();
    await sync.call(this);
  };
  return { [Symbol.dispose]: () => void (Deno.FsFile.prototype.sync = sync) };
}

Deno.test("setAsideCorrupt() frees the reserved name if the move fails", () =>
  inTempDir(async (root) => {
    const path = await put(join(root, "x.pt"), "x");
    const rename = (): Promise<void> => Promise.reject(new Deno.errors.PermissionDenied("no"));
    await assertRejects(() => setAsideCorrupt(root, path, { rename }), Deno.errors.PermissionDenied);
    assertEquals(await Array.fromAsync(Deno.readDir(join(root, "corrupted"))), []);
    assertEquals(await Deno.readTextFile(path), "x");
  }));

Deno.test("setAsideCorrupt() keeps one copy of the same bytes under one name", () =>
  inTempDir(async (root) => {
    const path = join(root, "x.jpeg");
    for (const text of ["one", "two", "one", "two"]) await setAsideCorrupt(root, await put(path, text));
    const names = (await Array.fromAsync(Deno.readDir(join(root, "corrupted")))).map(({ name }) => name).sort();
    assertEquals([names, await exists(path)], [["x (2).jpeg", "x.jpeg"], false]);
    assertEquals(await setAsideCorrupt(root, await put(path, "two")), join(root, "corrupted", "x (2).jpeg"));
  }));

Deno.test("setAsideCorrupt() does not treat a link as an existing copy", () =>
  inTempDir(async (root) => {
    await Deno.writeTextFile(join(root, "x.pt"), "damaged");
    await Deno.mkdir(join(root, "corrupted"));
    await Deno.symlink(join(root, "x.pt"), join(root, "corrupted", "x.pt"));
    const to = await setAsideCorrupt(root, "x.pt");
    assertEquals([to, await Deno.readTextFile(to)], [join(root, "corrupted", "x (2).pt"), "damaged"]);
  }));
