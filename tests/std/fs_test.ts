import { assert, assertEquals, assertRejects } from "@std/assert";
import { ensureDir, exists, walk, type WalkOptions } from "@std/fs";
import { join, relative } from "node:path";
import { inTempDir } from "../helpers/temp_dir.ts";

Deno.test("ensureDir() creates a folder and its parents, repeatedly", () =>
  inTempDir(async (root) => {
    const folder = join(root, "a", "b");
    await ensureDir(folder);
    await ensureDir(folder);
    assert((await Deno.stat(folder)).isDirectory);
  }));

Deno.test("ensureDir() accepts a link to a folder", () =>
  inTempDir(async (root) => {
    await Deno.mkdir(join(root, "real"));
    await Deno.symlink(join(root, "real"), join(root, "link"));
    await ensureDir(join(root, "link"));
    await ensureDir(join(root, "link", "below"));
    assert((await Deno.stat(join(root, "real", "below"))).isDirectory);
  }));

Deno.test("ensureDir() refuses a file at the path or above it", () =>
  inTempDir(async (root) => {
    await Deno.writeTextFile(join(root, "file"), "");
    await assertRejects(() => ensureDir(join(root, "file")), Error);
    await assertRejects(() => ensureDir(join(root, "file", "below")), Error);
  }));

Deno.test("exists() returns whether a path exists", () =>
  inTempDir(async (root) => {
    await Deno.writeTextFile(join(root, "file"), "");
    assertEquals([await exists(join(root, "file")), await exists(root), await exists(join(root, "no"))], [
      true,
      true,
      false,
    ]);
  }));

Deno.test("exists() checks for a folder, a file or a readable file", () =>
  inTempDir(async (root) => {
    const file = join(root, "file");
    await Deno.writeTextFile(file, "");
    assertEquals([await exists(root, { isDirectory: true }), await exists(root, { isFile: true })], [true, false]);
    assertEquals([await exists(file, { isDirectory: true }), await exists(file, { isFile: true })], [false, true]);
    await assertRejects(() => exists(file, { isDirectory: true, isFile: true }), TypeError);
    assertEquals(await exists(file, { isReadable: true }), true);
    if (Deno.build.os === "windows") return;
    await Deno.chmod(file, 0o000);
    assertEquals(await exists(file, { isReadable: true }), false);
  }));

async function walked(root: string, options: WalkOptions = {}): Promise<readonly string[]> {
  const entries = await Array.fromAsync(walk(root, options));
  return entries.map((entry) => `${relative(root, entry.path)}${entry.isDirectory ? "/" : ""}`).sort();
}

async function plant(root: string): Promise<void> {
  await Deno.mkdir(join(root, "a", "b"), { recursive: true });
  for (const name of ["x.ts", "a/y.md", "a/b/z.ts"]) await Deno.writeTextFile(join(root, name), "");
}

Deno.test("walk() yields files and folders, including the root", () =>
  inTempDir(async (root) => {
    await plant(root);
    assertEquals(await walked(root), ["/", "a/", "a/b/", "a/b/z.ts", "a/y.md", "x.ts"]);
  }));

Deno.test("walk() excludes folders or files, and limits the depth", () =>
  inTempDir(async (root) => {
    await plant(root);
    assertEquals(await walked(root, { includeDirs: false }), ["a/b/z.ts", "a/y.md", "x.ts"]);
    assertEquals(await walked(root, { includeFiles: false }), ["/", "a/", "a/b/"]);
    assertEquals(await walked(root, { maxDepth: 1 }), ["/", "a/", "x.ts"]);
    assertEquals(await walked(root, { maxDepth: 0 }), ["/"]);
  }));

Deno.test("walk() filters by extension, with or without the dot", () =>
  inTempDir(async (root) => {
    await plant(root);
    for (const exts of [["ts"], [".ts"]]) {
      assertEquals(await walked(root, { includeDirs: false, exts }), ["a/b/z.ts", "x.ts"]);
    }
  }));

Deno.test("walk() yields paths that start with the root, with their type", () =>
  inTempDir(async (root) => {
    await plant(root);
    for await (const entry of walk(root, { includeDirs: false })) {
      assert(entry.path.startsWith(root) && entry.isFile && entry.path.endsWith(entry.name));
    }
  }));

Deno.test("walk() does not follow links by default", () =>
  inTempDir(async (root) => {
    await plant(root);
    await Deno.symlink(root, join(root, "a", "loop"));
    assertEquals((await walked(root, { includeDirs: false })).includes("a/loop"), true);
    assertEquals((await walked(root, { includeFiles: false })).includes("a/loop"), true);
    assertEquals((await walked(root, { includeSymlinks: false })).includes("a/loop"), false);
  }));

Deno.test("walk() follows links on request, to real paths or under the links", () =>
  inTempDir(async (temp) => {
    const root = await Deno.realPath(temp);
    await plant(root);
    await Deno.mkdir(join(root, "links"));
    await Deno.symlink(join(root, "a"), join(root, "links", "to-a"));
    await Deno.symlink(join(root, "x.ts"), join(root, "links", "to-x"));
    const links = async (options: WalkOptions) =>
      (await Array.fromAsync(walk(join(root, "links"), { includeDirs: false, followSymlinks: true, ...options })))
        .map(({ path }) => relative(root, path)).sort();
    assertEquals(await links({}), ["a/b/z.ts", "a/y.md", "x.ts"]);
    assertEquals(await links({ canonicalize: false }), ["links/to-a/b/z.ts", "links/to-a/y.md", "links/to-x"]);
  }));

Deno.test("walk() filters paths, and skips what is below others", () =>
  inTempDir(async (root) => {
    await plant(root);
    assertEquals(await walked(root, { match: [/y\.md$/, /x\.ts$/] }), ["a/y.md", "x.ts"]);
    assertEquals(await walked(root, { skip: [/[\\/]a$/] }), ["/", "x.ts"]);
  }));

Deno.test("walk() refuses a missing folder, also at depth 0", () =>
  inTempDir(async (root) => {
    for (const maxDepth of [0, 1]) {
      await assertRejects(() => walked(join(root, "no"), { maxDepth }), Deno.errors.NotFound);
    }
  }));
