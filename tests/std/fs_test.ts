import { assert, assertEquals, assertRejects } from "@std/assert";
import { ensureDir, exists, walk, type WalkOptions } from "@std/fs";
import { join, relative } from "node:path";
import { inTempDir } from "../library/_temp_dir.ts";

Deno.test("ensureDir() makes a folder and those above it, as often as wanted", () =>
  inTempDir(async (root) => {
    const folder = join(root, "a", "b");
    await ensureDir(folder);
    await ensureDir(folder);
    assert((await Deno.stat(folder)).isDirectory);
  }));

Deno.test("ensureDir() takes a link to a folder for one", () =>
  inTempDir(async (root) => {
    await Deno.mkdir(join(root, "real"));
    await Deno.symlink(join(root, "real"), join(root, "link"));
    await ensureDir(join(root, "link"));
    await ensureDir(join(root, "link", "below"));
    assert((await Deno.stat(join(root, "real", "below"))).isDirectory);
  }));

Deno.test("ensureDir() refuses a file in its place, or above it", () =>
  inTempDir(async (root) => {
    await Deno.writeTextFile(join(root, "file"), "");
    await assertRejects(() => ensureDir(join(root, "file")), Error);
    await assertRejects(() => ensureDir(join(root, "file", "below")), Error);
  }));

Deno.test("exists() says whether something is there", () =>
  inTempDir(async (root) => {
    await Deno.writeTextFile(join(root, "file"), "");
    assertEquals([await exists(join(root, "file")), await exists(root), await exists(join(root, "no"))], [
      true,
      true,
      false,
    ]);
  }));

async function walked(root: string, options: WalkOptions = {}): Promise<readonly string[]> {
  const entries = await Array.fromAsync(walk(root, options));
  return entries.map((entry) => `${relative(root, entry.path)}${entry.isDirectory ? "/" : ""}`).sort();
}

async function plant(root: string): Promise<void> {
  await Deno.mkdir(join(root, "a", "b"), { recursive: true });
  for (const name of ["x.ts", "a/y.md", "a/b/z.ts"]) await Deno.writeTextFile(join(root, name), "");
}

Deno.test("walk() gives files and folders, the root among them", () =>
  inTempDir(async (root) => {
    await plant(root);
    assertEquals(await walked(root), ["/", "a/", "a/b/", "a/b/z.ts", "a/y.md", "x.ts"]);
  }));

Deno.test("walk() leaves out folders or files, and goes no deeper than told", () =>
  inTempDir(async (root) => {
    await plant(root);
    assertEquals(await walked(root, { includeDirs: false }), ["a/b/z.ts", "a/y.md", "x.ts"]);
    assertEquals(await walked(root, { includeFiles: false }), ["/", "a/", "a/b/"]);
    assertEquals(await walked(root, { maxDepth: 1 }), ["/", "a/", "x.ts"]);
    assertEquals(await walked(root, { maxDepth: 0 }), ["/"]);
  }));

Deno.test("walk() keeps endings, with or without the dot", () =>
  inTempDir(async (root) => {
    await plant(root);
    for (const exts of [["ts"], [".ts"]]) {
      assertEquals(await walked(root, { includeDirs: false, exts }), ["a/b/z.ts", "x.ts"]);
    }
  }));

Deno.test("walk() gives paths that begin with the root, and tells what each is", () =>
  inTempDir(async (root) => {
    await plant(root);
    for await (const entry of walk(root, { includeDirs: false })) {
      assert(entry.path.startsWith(root) && entry.isFile && entry.path.endsWith(entry.name));
    }
  }));

Deno.test("walk() does not follow links", () =>
  inTempDir(async (root) => {
    await plant(root);
    await Deno.symlink(root, join(root, "a", "loop"));
    assertEquals((await walked(root, { includeDirs: false })).includes("a/loop"), true);
  }));

Deno.test("walk() refuses a folder that is not there", () =>
  inTempDir((root) => assertRejects(() => walked(join(root, "no")), Error).then(() => {})));
