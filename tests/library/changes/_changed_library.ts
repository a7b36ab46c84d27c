import { walk } from "@std/fs";
import { join, relative } from "node:path";
import type { Library } from "../../../lib/downloader/mod.ts";
import {
  type ChangeOperation,
  type ChangePlan,
  type MoveOperation,
  type RowOperation,
  trashPath,
} from "../../../lib/library/mod.ts";

/** Plan the move of a file as it is now. */
export function moveOf(library: Library, from: string, to: string, of = "file:1:1"): MoveOperation {
  const { size: bytes, mtime, ino: inode } = Deno.lstatSync(join(library.root, from));
  return { kind: "move", of, from, to, bytes, mtimeMs: mtime!.getTime(), inode };
}

/** Plan to take the row of an item away. */
export function rowAway(library: Library, key: string): RowOperation {
  return { kind: "row", key, before: library.catalog.storedItem(key), after: null };
}

/** A plan of these operations. */
export function planOf(id: number, operations: readonly ChangeOperation[]): ChangePlan {
  return { id, command: "forget", title: "forget model:1", createdAt: "2026-01-02T03:04:05.000Z", operations };
}

/** Plan to put files of items into the trash, and to take their rows away. */
export function planTrash(library: Library, id: number, keys: readonly string[]): ChangePlan {
  const paths = keys.map((key) => ({ key, path: library.catalog.item(key)!.path }));
  return planOf(id, [
    ...paths.map(({ key, path }) => moveOf(library, path, trashPath(id, path), key)),
    ...keys.map((key) => rowAway(library, key)),
    { kind: "mark", target: "model:1", name: "A model" },
  ]);
}

/** All files and folders of a library outside of its state, with the bytes of the files. */
export async function treeOf(root: string): Promise<Readonly<Record<string, string>>> {
  const tree: Record<string, string> = {};
  for await (const { path, isFile, isSymlink } of walk(root, { skip: [/\.civitai-dl/] })) {
    const name = relative(root, path);
    if (isSymlink) tree[name] = `-> ${await Deno.readLink(path)}`;
    else if (name !== "") tree[name] = isFile ? await digestOf(path) : "folder";
  }
  return Object.fromEntries(Object.entries(tree).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

async function digestOf(path: string): Promise<string> {
  const { size, mtime } = await Deno.stat(path);
  const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(path));
  return `${size} bytes of ${mtime!.getTime()}: ${new Uint8Array(digest).toHex()}`;
}
