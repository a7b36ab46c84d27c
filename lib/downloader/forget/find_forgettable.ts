import { basename, relative, resolve, sep } from "node:path";
import { KitError, lstatSyncOrNull } from "../../base/mod.ts";
import { parseTarget, type Target } from "../../civitai/mod.ts";
import { type CatalogItem, isInnerPath } from "../../library/mod.ts";
import type { Library } from "../open_library.ts";

/** What a word of the user names, to be forgotten. */
export interface Forgettable {
  /** The mark, such as `model:1`; see `ForgottenMark`. */
  readonly target: string;
  /** Name of it, for people; `null` when unknown. */
  readonly name: string | null;
  /** All that the catalog has of it. */
  readonly items: Iterable<CatalogItem>;
}

/** Options of {@linkcode findForgettable}. */
export interface FindForgettableOptions {
  /** Hosts that count as Civitai in addition to its own. */
  readonly hosts?: readonly string[] | undefined;
}

/**
 * Find what a word names: the path of a file in the library, or a target as `download` reads it.
 *
 * @param library The library; only its catalog is read
 * @param word The word
 * @param options Further hosts of targets
 * @returns What is to be forgotten; several files if their hash is named
 * @throws {KitError} `usage` if it names nothing, or a file that the catalog does not have
 */
export function findForgettable(
  library: Pick<Library, "root" | "catalog">,
  word: string,
  options: FindForgettableOptions = {},
): readonly Forgettable[] {
  const item = findPath(library, word);
  if (item !== null) return [ofItem(item)];
  return ofTarget(library, parseTarget(word, options));
}

/** Find the item of a path; `null` if the word is no path. */
function findPath({ root, catalog }: Pick<Library, "root" | "catalog">, word: string): CatalogItem | null {
  const beside = relative(root, resolve(word)).replaceAll(sep, "/");
  const here = [beside, word].filter(isInnerPath).find((path) => lstatSyncOrNull(`${root}/${path}`) !== null);
  // A file that was deleted by hand is known by its path too.
  const path = here ?? [beside, word].filter(isInnerPath).find((name) => catalog.itemByPath(name) !== null);
  if (path === undefined) return null;
  const item = catalog.itemByPath(path);
  if (item !== null) return item;
  const isFolder = lstatSyncOrNull(`${root}/${path}`)?.isDirectory === true;
  const state = isFolder ? "it is a folder" : "the catalog has no such file, so nothing describes it";
  throw new KitError("usage", `Cannot forget "${path}": ${state}`, {
    hint: isFolder
      ? "Name a file in it, or its model: civitai-dl list shows the ids"
      : "civitai-dl verify --rebuild finds out what it is; if it is your own, delete it yourself",
  });
}

function ofItem(item: CatalogItem): Forgettable {
  return { target: item.key, name: basename(item.path), items: [item] };
}

function ofTarget({ catalog }: Pick<Library, "root" | "catalog">, target: Target): readonly Forgettable[] {
  switch (target.type) {
    case "user": {
      const { username, only } = target;
      const kinds = only === "images" ? ["image"] as const : ["file", "preview", "gallery"] as const;
      return [{
        target: only === undefined ? `user:${username}` : `user:${username}/${only}`,
        name: username,
        items: catalog.items({ creator: username, ...only === undefined ? {} : { kinds } }),
      }];
    }
    case "model": {
      if (target.versionId !== null) return [ofVersion(catalog, target.versionId)];
      const { modelId } = target;
      return [{
        target: `model:${modelId}`,
        name: catalog.model(modelId)?.name ?? null,
        items: catalog.items({ modelId }),
      }];
    }
    case "air":
    case "version": {
      const { versionId, fileId } = target;
      if (fileId === null) return [ofVersion(catalog, versionId)];
      const key = `file:${versionId}:${fileId}`;
      const item = catalog.item(key);
      return [item === null ? { target: key, name: null, items: [] } : ofItem(item)];
    }
    case "hash": {
      const { hash } = target;
      const found = Array.from(catalog.items({ kinds: ["file"] }).filter((item) => hasHash(item, hash)));
      if (found.length > 0) return found.map(ofItem);
      throw new KitError("usage", `Cannot forget hash:${hash}: the library has no file with it`, {
        hint: "Name its model or version, such as model:1 or version:1",
      });
    }
    case "image": {
      const { imageId } = target;
      const items = [...catalog.items({ imageId })];
      return [{ target: `image:${imageId}`, name: items[0] === undefined ? null : basename(items[0].path), items }];
    }
    case "post":
      return [{ target: `post:${target.postId}`, name: null, items: imagesOfPost(catalog, target.postId) }];
  }
}

function ofVersion(catalog: Library["catalog"], versionId: number): Forgettable {
  const version = catalog.version(versionId);
  const modelId = version?.modelId;
  const model = modelId === undefined ? null : catalog.model(modelId);
  return {
    target: `version:${versionId}`,
    name: version === null ? null : [model?.name, version.name].filter((name) => name !== undefined).join(" / "),
    items: catalog.items({ modelId }).filter((item) => item.versionId === versionId),
  };
}

function hasHash({ hashes, sha256 }: CatalogItem, hash: string): boolean {
  return sha256 === hash || Object.values(hashes).some((value) => value.toLowerCase() === hash);
}

/** The images of a post, by what the catalog notes of each posted image. */
function* imagesOfPost(catalog: Library["catalog"], postId: number): Generator<CatalogItem> {
  for (const { name, value } of catalog.notes("image:")) {
    // Written by planPostedImages() and by a rebuild.
    const { postId: post } = JSON.parse(value) as { readonly postId?: unknown };
    const item = post === postId ? catalog.item(name) : null;
    if (item !== null) yield item;
  }
}
