import { walk } from "@std/fs";
import { join, relative } from "node:path";
import { type CatalogItem, openCatalog } from "../../../lib/library/mod.ts";
import type { FileFact, Sandbox } from "../../../lib/sandbox/mod.ts";
import { readJournal } from "../../../lib/transfer/mod.ts";
import { sha256Of } from "../../helpers/sha256_of.ts";

/** The result of a library check. */
export interface LibraryState {
  /** Rows of model files by file id; empty without a catalog. */
  readonly items: ReadonlyMap<number, CatalogItem>;
  /** Ids of the files at their final names with the right bytes. */
  readonly right: ReadonlySet<number>;
  /** Paths of model files with wrong bytes. */
  readonly wrong: readonly string[];
  /** Part files of interrupted transfers. */
  readonly parts: number;
  /** Unreadable catalogs and journals. */
  readonly unreadable: readonly string[];
  /** Leftover temporary files, apart from those of snapshots, which a later run removes when they are an hour old. */
  readonly leftovers: readonly string[];
}

/** Checks a library from outside, repeatedly; unchanged bytes are not read again. */
export class LibraryCheck {
  readonly #root: string;
  readonly #facts: ReadonlyMap<number, FileFact>;
  readonly #seen = new Map<string, string>();

  constructor(sandbox: Sandbox, root: string) {
    this.#root = root;
    this.#facts = new Map([...sandbox.facts()].map((fact) => [fact.fileId, fact]));
  }

  async look(): Promise<LibraryState> {
    const { items, unreadable } = await readItems(this.#root);
    const right = new Set<number>();
    const wrong: string[] = [];
    for (const [fileId, item] of items) {
      const actual = await this.#hashOf(join(this.#root, item.path));
      if (actual === null) continue;
      if (actual === await this.#facts.get(fileId)?.sha256()) right.add(fileId);
      else wrong.push(item.path);
    }
    const snapshots = join(this.#root, ".civitai-dl", "state", "active");
    const leftovers = [] as string[];
    const parts = [] as string[];
    for (const path of await filesBelow(this.#root)) {
      if (path.endsWith(".tmp") && !path.startsWith(snapshots)) leftovers.push(relative(this.#root, path));
      if (path.endsWith(".part")) parts.push(path);
      if (!path.endsWith(".part.json")) continue;
      if (await readJournal(path.slice(0, -".part.json".length)) === null) unreadable.push(relative(this.#root, path));
    }
    return { items, right, wrong, parts: parts.length, unreadable, leftovers };
  }

  async #hashOf(path: string): Promise<string | null> {
    let info: Deno.FileInfo;
    try {
      info = await Deno.stat(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    }
    const key = `${path} ${info.ino} ${info.size} ${info.mtime?.getTime()}`;
    const known = this.#seen.get(key) ?? await sha256Of(path);
    this.#seen.set(key, known);
    return known;
  }
}

/** Read the rows of a catalog from a copy, so that the check changes nothing. */
async function readItems(
  root: string,
): Promise<{ readonly items: ReadonlyMap<number, CatalogItem>; readonly unreadable: string[] }> {
  const state = join(root, ".civitai-dl");
  const copy = await Deno.makeTempDir();
  try {
    for (const name of ["catalog.db", "catalog.db-wal"]) {
      await Deno.copyFile(join(state, name), join(copy, name)).catch(ignoreMissing);
    }
    using catalog = openCatalog(join(copy, "catalog.db"), { check: true });
    const rows = [...catalog.items({ kinds: ["file"] })];
    return { items: new Map(rows.map((item) => [item.fileId!, item])), unreadable: [] };
  } catch (error) {
    return { items: new Map(), unreadable: [`catalog.db: ${error}`] };
  } finally {
    await Deno.remove(copy, { recursive: true });
  }
}

async function filesBelow(root: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(walk(root, { includeDirs: false }))).map((entry) => entry.path);
  } catch (error) {
    ignoreMissing(error);
    return [];
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
