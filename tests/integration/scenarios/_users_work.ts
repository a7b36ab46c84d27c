import { walk } from "@std/fs";
import { dirname, join } from "node:path";
import type { CatalogItem } from "../../../lib/library/mod.ts";
import { sha256Of } from "../../helpers/sha256_of.ts";

/** What a user has added to a library and changed in it. */
export interface UsersWork {
  /** Files that must stay unchanged: absolute path and SHA-256. */
  readonly files: ReadonlyMap<string, string>;
  /** Items that the user replaced by other files. */
  readonly replaced: ReadonlySet<string>;
}

const OWN_NOTE = "\nMy own note: use a weight of 0.7.\n";

/** Put user's files beside models and pictures, edit sidecars, and replace some items. */
export async function doUsersWork(root: string, items: readonly CatalogItem[]): Promise<UsersWork> {
  const touched: string[] = [];
  const put = async (path: string, content: string | Uint8Array): Promise<void> => {
    const full = join(root, path);
    await Deno.writeFile(full, typeof content === "string" ? new TextEncoder().encode(content) : content);
    touched.push(full);
  };
  const own = await Deno.readFile(new URL("../../library/fixtures/pictures/opt.jpeg", import.meta.url));
  const folders = [...new Set(items.map((item) => dirname(item.path)))];
  for (const folder of folders.filter((_, index) => index % 5 === 0)) {
    await put(`${folder}/notes.txt`, `Notes about ${folder}`);
    await put(`${folder}/my merge.safetensors`, "not even a model");
    await put(`${folder}/my picture.jpeg`, own);
  }
  await put("todo.md", "- sort these");
  for await (const { path, name } of walk(root, { includeDirs: false })) {
    if (name !== "description.md" || touched.length % 3 === 0) continue;
    await Deno.writeTextFile(path, OWN_NOTE, { append: true });
    touched.push(path);
  }
  const replaced = new Set<string>();
  for (const item of items.filter(({ kind }) => kind === "preview").filter((_, index) => index % 25 === 0)) {
    await put(item.path, own);
    const { mtime } = await Deno.stat(join(root, item.path));
    const later = new Date(mtime!.getTime() + 60_000);
    await Deno.utime(join(root, item.path), later, later);
    replaced.add(item.path);
  }
  const files = new Map<string, string>();
  for (const path of touched) files.set(path, await sha256Of(path));
  return { files, replaced };
}

/** Set a weight in some `.json` sidecars, like a user interface, but in no item; returns the paths. */
export async function editSidecars(root: string, items: readonly CatalogItem[]): Promise<readonly string[]> {
  const own = new Set(items.map((item) => join(root, item.path)));
  const edited: string[] = [];
  let seen = 0;
  for await (const { path } of walk(root, { includeDirs: false, exts: [".civitai.info"] })) {
    const sidecar = path.replace(/\.civitai\.info$/, ".json");
    const text = await Deno.readTextFile(sidecar).catch(() => null);
    if (text === null || own.has(sidecar) || seen++ % 2 === 1) continue;
    await Deno.writeTextFile(sidecar, JSON.stringify({ ...JSON.parse(text), "preferred weight": 0.73 }));
    edited.push(sidecar);
  }
  return edited;
}

/** The paths whose weight is no longer the user's. */
export async function lostEdits(paths: readonly string[]): Promise<readonly string[]> {
  const lost: string[] = [];
  for (const path of paths) {
    if (JSON.parse(await Deno.readTextFile(path))["preferred weight"] !== 0.73) lost.push(path);
  }
  return lost;
}

/** The user's files that have changed. */
export async function lostFiles({ files }: UsersWork): Promise<readonly string[]> {
  const lost: string[] = [];
  for (const [path, sha256] of files) {
    if (await sha256Of(path).catch(() => null) !== sha256) lost.push(path);
  }
  return lost;
}
