import { join } from "node:path";
import {
  acquireLock,
  assertPlainFile,
  type FileLock,
  isDenoError,
  KitError,
  lstatSyncOrNull,
  messageOf,
  PRIVATE_FILE_MODE,
  restrictPermissions,
} from "../../base/mod.ts";
import { readIdentity, STATE_FOLDER } from "../../library/mod.ts";
import { ViewStore } from "./view_store.ts";

/** Libraries of fewer models need no file where none can be written. */
const MAX_IN_MEMORY = 5000;

/** An index that is open, and where. */
export interface OpenView extends Disposable {
  readonly store: ViewStore;
  /** Whether the file at its path is still the one that is open; true for one in memory. */
  isInPlace(): boolean;
}

/** Options of {@linkcode openView}. */
export interface OpenViewOptions {
  /** Number of models of the library, roughly. */
  readonly models: number;
  /** Whether what is there is deleted first. */
  readonly isRenewed: boolean;
  /** Called with a line about what was wrong. */
  readonly onNotice: (message: string) => void;
}

/**
 * Open the index of a library in its `.civitai-dl/view.db`; in memory, or in a temporary folder, if that cannot be written
 * or another process writes it. One that is damaged, has another form or belongs to another library is made anew.
 *
 * @param root The library
 */
export async function openView(root: string, options: OpenViewOptions): Promise<OpenView> {
  const folder = join(root, STATE_FOLDER);
  let lock: FileLock;
  try {
    lock = await acquireLock(join(folder, "view.lock"), { command: "serve" });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return await openElsewhere(options);
  }
  try {
    const library = (await readIdentity(root).catch(() => null))?.id ?? "";
    const path = join(folder, "view.db");
    const store = openStore(path, { ...options, library });
    const opened = await Deno.lstat(path);
    return {
      store,
      isInPlace() {
        const now = lstatSyncOrNull(path);
        return now !== null && now.dev === opened.dev && now.ino === opened.ino;
      },
      [Symbol.dispose]() {
        store[Symbol.dispose]();
        lock[Symbol.dispose]();
      },
    };
  } catch (error) {
    lock[Symbol.dispose]();
    if (!isRefusal(error)) throw error;
    options.onNotice(`Cannot keep the index of the library in "${folder}": ${messageOf(error)}`);
    return await openElsewhere(options);
  }
}

/** Whether a folder cannot be written, or another process holds the index. */
function isRefusal(error: unknown): boolean {
  if (isDenoError(error, "PermissionDenied", "NotCapable", "NotFound", "NotADirectory")) return true;
  if (error instanceof KitError) return error.code === "unsafe";
  return error instanceof Error &&
    /read-only|readonly|unable to open|disk is full|disk I\/O|database is locked|os error 30/i.test(error.message);
}

interface StoreOptions extends OpenViewOptions {
  /** Identity of the library; empty if it has none. */
  readonly library: string;
}

function openStore(path: string, { isRenewed, library, onNotice }: StoreOptions): ViewStore {
  for (const ending of ["", "-wal", "-shm"]) checkFile(`${path}${ending}`);
  if (isRenewed) removeStore(path);
  let store = tryToOpen(path, onNotice);
  if ((store.fact("library") ?? library) !== library) {
    onNotice(`The index "${path}" is that of another library: it is made again`);
    store[Symbol.dispose]();
    removeStore(path);
    store = new ViewStore(path);
  }
  begin(store, library);
  restrictPermissions(path, PRIVATE_FILE_MODE);
  return store;
}

/** SQLite would follow a link. */
function checkFile(path: string): void {
  const info = lstatSyncOrNull(path);
  if (info !== null) assertPlainFile(path, info);
}

function tryToOpen(path: string, onNotice: (message: string) => void): ViewStore {
  try {
    return new ViewStore(path);
  } catch (error) {
    if (isRefusal(error)) throw error;
    onNotice(`Cannot read the index "${path}": ${messageOf(error)}; it is made again`);
    removeStore(path);
    return new ViewStore(path);
  }
}

function removeStore(path: string): void {
  for (const ending of ["", "-wal", "-shm"]) {
    try {
      Deno.removeSync(`${path}${ending}`);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

/** Say in a new index which one it is. */
function begin(store: ViewStore, library: string): void {
  if (store.fact("epoch") !== null) return;
  store.setFact("library", library);
  store.setFact("epoch", crypto.randomUUID().slice(0, 8));
}

async function openElsewhere({ models }: OpenViewOptions): Promise<OpenView> {
  if (models <= MAX_IN_MEMORY) {
    const store = new ViewStore(":memory:");
    begin(store, "");
    return { store, isInPlace: () => true, [Symbol.dispose]: () => store[Symbol.dispose]() };
  }
  const folder = await Deno.makeTempDir({ prefix: "civitai-dl-view-" });
  const store = new ViewStore(join(folder, "view.db"));
  begin(store, "");
  return {
    store,
    isInPlace: () => true,
    [Symbol.dispose]() {
      store[Symbol.dispose]();
      // Disposal is synchronous, and the folder is small.
      // deno-lint-ignore no-sync-fn-in-async-fn
      Deno.removeSync(folder, { recursive: true });
    },
  };
}
