import { exists } from "@std/fs";
import { join, resolve } from "node:path";
import {
  acquireLock,
  assertTrustedFolder,
  ensurePrivateFolder,
  type FileLock,
  KitError,
  type LockHolder,
  statSyncOrNull,
  systemClock,
} from "../base/mod.ts";
import {
  type Catalog,
  catalogFile,
  copyCatalog,
  ensureIdentity,
  type ExpectedLibrary,
  findGone,
  finishChanges,
  goneError,
  identityPath,
  openCatalog,
  STATE_FOLDER,
} from "../library/mod.ts";
import { FailureError } from "../failsafe/mod.ts";
import { assertCatalog } from "./_assert_catalog.ts";
import { explainFolder } from "./_explain_folder.ts";
import {
  describeRebuild,
  FINISH_REBUILD,
  type UnfinishedRebuild,
  unfinishedRebuild,
} from "./rebuild/unfinished_rebuild.ts";

/** Options of {@linkcode openLibrary}. */
export interface OpenLibraryOptions {
  /** Command that opens the library. It is stored in the lock, and shown by other runs that wait. */
  readonly command: string;
  /**
   * Longest wait for another run on this library, in milliseconds.
   *
   * @default {0}
   */
  readonly waitMs?: number | undefined;
  /** Called once when the wait for another run starts, with the holder of the lock if it is known. */
  readonly onWait?: ((holder: LockHolder | undefined) => void) | undefined;
  /** Stops the wait for another run. */
  readonly signal?: AbortSignal | undefined;
  /** Whether to fail if there is no library yet, instead of creating one; false if absent. */
  readonly mustExist?: boolean | undefined;
  /**
   * Whether to use a temporary copy of the catalog: nothing in the folder changes, and no lock is taken; false if
   * absent.
   */
  readonly scratch?: boolean | undefined;
  /**
   * Whether to only read the catalog: no lock is taken, and another run may change it at the same time; false if
   * absent.
   */
  readonly readOnly?: boolean | undefined;
  /**
   * With `readOnly`: whether to check every page of the catalog first, which takes seconds for a large one; false if
   * absent.
   */
  readonly check?: boolean | undefined;
  /**
   * Called if the folder is not writable; the library is then opened as with `scratch`. If absent, opening it fails.
   */
  readonly onUnwritable?: (() => void) | undefined;
  /**
   * Called if the catalog lacks files because its rebuild is unfinished. If absent, a library that must exist is not
   * opened for writing then: commands that work on what the catalog has would leave out the rest.
   */
  readonly onUnfinished?: ((rebuild: UnfinishedRebuild) => void) | undefined;
}

/** An open library. Only this process may change it, unless it was opened with `readOnly` or `scratch`. */
export interface Library extends Disposable {
  /** Absolute path of the folder. */
  readonly root: string;
  /** Rows of all items that are on disk or planned. */
  readonly catalog: Catalog;
  /**
   * Refuse to go on if the library is gone from its folder. One that was opened with `readOnly` or `scratch` is never
   * refused.
   *
   * @throws {FailureError} `disk`, with code `unsafe`, if another library or none is there
   */
  readonly assertPresent: () => Promise<void>;
  /** Whether changes are kept; false if it was opened with `readOnly` or `scratch`, or cannot be written to. */
  readonly isWritable: boolean;
}

/**
 * Open a library: folder, lock, catalog.
 *
 * @param path The output folder, absolute or relative to the working directory
 * @param options Command, and how to open the library
 * @returns The library; dispose it to release its lock
 * @throws {KitError} `unsafe` if another run holds it, or the folder cannot be used; `integrity` if runs have fetched
 * something and the catalog is missing, empty or damaged; with `mustExist`, `usage` if there is no library, and
 * `integrity` if there are files beside an empty catalog, or its rebuild is unfinished
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openLibrary } from "@civitai-dl/civitai-dl/downloader";
 *
 * const folder = await Deno.makeTempDir();
 * const library = await openLibrary(folder, { command: "example", waitMs: 60_000 });
 * assertEquals(library.catalog.totals().count, 0);
 * library[Symbol.dispose]();
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function openLibrary(path: string, options: OpenLibraryOptions): Promise<Library> {
  const { mustExist = false } = options;
  const root = resolve(path);
  assertTrustedFolder(join(root, STATE_FOLDER));
  await assertCatalog(root, { mustExist });
  const library = await openAs(root, options);
  try {
    reportUnfinished(library, options);
    return library;
  } catch (error) {
    library[Symbol.dispose]();
    throw error;
  }
}

async function openAs(root: string, options: OpenLibraryOptions): Promise<Library> {
  if (options.readOnly) return await openToRead(root, options);
  if (options.scratch) return await openScratch(root, options);
  try {
    return await openToWrite(root, options);
  } catch (error) {
    if (options.onUnwritable === undefined || !isUnwritable(error)) throw explainFolder(error, root);
    options.onUnwritable();
    return await openScratch(root, options);
  }
}

function reportUnfinished({ root, catalog }: Library, options: OpenLibraryOptions): void {
  const { onUnfinished, mustExist = false, readOnly = false } = options;
  const rebuild = unfinishedRebuild(catalog);
  if (rebuild === null) return;
  if (onUnfinished !== undefined) return onUnfinished(rebuild);
  if (!mustExist || readOnly) return;
  throw new KitError("integrity", `Cannot open library "${root}": ${describeRebuild(rebuild)}`, {
    hint: FINISH_REBUILD,
  });
}

async function openToWrite(root: string, options: OpenLibraryOptions): Promise<Library> {
  const { command, waitMs = 0, onWait, signal } = options;
  const state = join(root, STATE_FOLDER);
  ensurePrivateFolder(state);
  const lock: FileLock = await acquireLock(join(state, "lock"), {
    command,
    waitMs,
    signal,
    ...(onWait === undefined ? {} : { onWait }),
  });
  try {
    // Before the catalog: what has a catalog and no identity is a library that lost its identity.
    const { id } = await ensureIdentity(root, { now: systemClock.now() });
    const assertPresent = guardPresence({ path: root, id, seenAt: new Date().toISOString() });
    const catalog = openCatalog(catalogFile(root));
    const library: Library = {
      root,
      catalog,
      assertPresent,
      isWritable: true,
      [Symbol.dispose]() {
        catalog[Symbol.dispose]();
        lock[Symbol.dispose]();
      },
    };
    try {
      // Whatever comes next must not meet files that are half moved.
      await finishChanges(library);
    } catch (error) {
      catalog[Symbol.dispose]();
      throw error;
    }
    return library;
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
}

/**
 * Create a check that the library is still in its folder. The usual case, that nothing has changed, costs one stat: it
 * is done before every file.
 */
function guardPresence(expected: ExpectedLibrary): () => Promise<void> {
  const path = identityPath(expected.path);
  const before = Deno.statSync(path);
  return async () => {
    const now = statSyncOrNull(path);
    if (now !== null && now.dev === before.dev && now.ino === before.ino) return;
    const gone = await findGone(expected);
    if (gone === null) return;
    const { message, hint } = goneError(gone);
    // Nothing more can be written, so a run ends as with a full disk.
    throw new FailureError("disk", message, hint === undefined ? {} : { hint });
  };
}

function assertNothing(): Promise<void> {
  return Promise.resolve();
}

/**
 * Open a catalog for reading. Its log needs files next to it even for reading: if they cannot be created, open a copy.
 */
async function openToRead(
  root: string,
  { check }: Pick<OpenLibraryOptions, "check">,
): Promise<Library> {
  try {
    const catalog = openCatalog(catalogFile(root), { readOnly: true, check });
    return {
      root,
      catalog,
      assertPresent: assertNothing,
      isWritable: false,
      [Symbol.dispose]: () => catalog[Symbol.dispose](),
    };
  } catch (error) {
    if (!isUnwritable(error)) throw error;
    return await openScratch(root, { check });
  }
}

function isUnwritable(error: unknown): boolean {
  if (error instanceof Deno.errors.PermissionDenied) return true;
  if (!(error instanceof Error)) return false;
  return /read-only file system|readonly database|unable to open database|disk I\/O error/i.test(error.message);
}

async function openScratch(
  root: string,
  { check }: Pick<OpenLibraryOptions, "check"> = {},
): Promise<Library> {
  const folder = await Deno.makeTempDir({ prefix: "civitai-dl-" });
  const copy = join(folder, "catalog.db");
  try {
    await copyCatalog(catalogFile(root), copy);
    const catalog = openCatalog(copy, { check });
    return {
      root: await exists(root) ? root : folder,
      catalog,
      assertPresent: assertNothing,
      isWritable: false,
      [Symbol.dispose]() {
        catalog[Symbol.dispose]();
        // Disposal is synchronous, and the folder is small.
        // deno-lint-ignore no-sync-fn-in-async-fn
        Deno.removeSync(folder, { recursive: true });
      },
    };
  } catch (error) {
    await Deno.remove(folder, { recursive: true });
    throw error;
  }
}
