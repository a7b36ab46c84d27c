import { exists } from "@std/fs";
import { join, relative } from "node:path";
import { acquireLock, type FileLock, KitError, listIfExists, renameFile } from "../../lib/base/mod.ts";
import {
  checkDowngrade,
  downgradeCatalog,
  isAsConverted,
  restoreCatalog,
  STATE_FOLDER,
} from "../../lib/library/mod.ts";
import type { RollbackLibrary } from "../../lib/release/mod.ts";
import { assertLibrary } from "../_frame/state_folder.ts";

/** Version of all files in `state/` that the program has ever written. A newer one is put aside for older programs. */
const STATE_VERSION = 1;
/** Longest wait for a run to end after it was asked to, in milliseconds. It finishes the writes that it has begun. */
const STOP_MS = 60_000;

/** Converts libraries between the versions of this program. */
export const rollbackLibrary: RollbackLibrary = {
  async check(library, { catalogVersion, stopsRun }) {
    const home = await homeOf(library);
    const found = checkDowngrade(join(home, "catalog.db"), catalogVersion);
    const newer = await newerStateFiles(home);
    const holder = await holderOf(home);
    const isChanged = found !== null || newer.length > 0;
    if (holder !== null && isChanged && !stopsRun) throw inUse(library, holder);
    const steps = [
      ...holder !== null && stopsRun ? [`Stopping process ${holder.pid}, which holds the library`] : [],
      ...found === null
        ? []
        : [`Converting the catalog from version ${found} to ${catalogVersion}, the newer one is kept`],
      ...newer.length === 0 ? [] : [`Putting aside ${newer.map(({ name }) => name).join(", ")}, which are newer`],
    ];
    return steps.length === 0 ? null : steps.join("; ");
  },

  async convert(library, { catalogVersion, stamp, stopsRun, signal }) {
    const home = await homeOf(library);
    if (stopsRun) await stopRun(home);
    using _lock = await hold(home, { waitMs: stopsRun ? STOP_MS : 0, signal });
    for (const { name, version } of await newerStateFiles(home)) {
      const path = join(home, "state", name);
      await renameFile(path, `${path}.v${version}-${stamp}`);
    }
    const catalog = join(home, "catalog.db");
    const found = checkDowngrade(catalog, catalogVersion);
    if (found === null || catalogVersion === null) return;
    downgradeCatalog(catalog, { version: catalogVersion, keep: keptPath(home, found, stamp) });
  },

  async restore(library, stamp) {
    const home = join(library, STATE_FOLDER);
    if (!await exists(home, { isDirectory: true })) return "stays as it is: it is not there";
    // Replacing a catalog that a run has open would damage it.
    const holder = await holderOf(home);
    if (holder !== null) return `stays as it is: process ${holder.pid} is using it; ${UPGRADES}`;
    using _lock = await hold(home, { waitMs: 0 });
    const changed: string[] = [];
    for (const [folder, name] of await keptFiles(home, stamp)) {
      const kept = join(folder, name);
      const path = join(folder, name.replace(/\.v\d+-[^.]+$/, ""));
      const isCatalog = name.startsWith("catalog.db.");
      if (isCatalog ? isWritten(path, kept) : await exists(path)) changed.push(relative(home, path));
      else if (isCatalog) restoreCatalog(path, kept);
      else await renameFile(kept, path);
    }
    return changed.length === 0 ? null : `keeps what was written to it since: ${changed.join(", ")}; ${UPGRADES}`;
  },
};

/** Whether a converted catalog must not be replaced: it has other records by now, or another process has it open. */
function isWritten(path: string, kept: string): boolean {
  try {
    return !isAsConverted(path, kept);
  } catch (error) {
    if (error instanceof KitError && error.code === "unsafe") return true;
    throw error;
  }
}

/** What becomes of a library that keeps its older form. */
const UPGRADES = "the newer version upgrades it by itself";

/** Path at which a newer catalog is kept. */
function keptPath(home: string, version: number, stamp: string): string {
  return join(home, `catalog.db.v${version}-${stamp}`);
}

async function homeOf(library: string): Promise<string> {
  await assertLibrary(library);
  return join(library, STATE_FOLDER);
}

interface Holder {
  readonly pid: number;
}

/** Find out which process holds the library; `null` if none does. */
async function holderOf(home: string): Promise<Holder | null> {
  try {
    using _lock = await acquireLock(join(home, "lock"), { command: "rollback", mustExist: true });
    return null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    if (!(error instanceof KitError) || error.code !== "unsafe") throw error;
    const pid = Number(/\(process (\d+),/.exec(error.message)?.[1] ?? 0);
    return { pid };
  }
}

/** Ask the run that holds the library to stop, as Ctrl-C does; it can be continued afterwards. */
async function stopRun(home: string): Promise<void> {
  const holder = await holderOf(home);
  if (holder === null || holder.pid <= 1) return;
  try {
    Deno.kill(holder.pid, Deno.build.os === "windows" ? "SIGTERM" : "SIGINT");
  } catch (error) {
    // It has just ended.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function hold(
  home: string,
  { waitMs, signal }: { readonly waitMs: number; readonly signal?: AbortSignal },
): Promise<FileLock> {
  return await acquireLock(join(home, "lock"), {
    command: "rollback",
    waitMs,
    signal,
    hint: "Wait for it to end, or stop it with --stop-run",
  });
}

function inUse(library: string, { pid }: Holder): KitError {
  return new KitError("unsafe", `Cannot convert library "${library}": process ${pid} is using it`, {
    hint: "Wait for it to end, or let it be stopped with --stop-run; it can be continued afterwards",
  });
}

interface NewerFile {
  readonly name: string;
  readonly version: number;
}

/** Files in `state/` that an older program would not accept. */
async function newerStateFiles(home: string): Promise<readonly NewerFile[]> {
  const files: NewerFile[] = [];
  for (const { name } of await listIfExists(join(home, "state"))) {
    if (!name.endsWith(".json")) continue;
    const version = await statedVersion(join(home, "state", name));
    if (version > STATE_VERSION) files.push({ name, version });
  }
  return files;
}

async function statedVersion(path: string): Promise<number> {
  try {
    const { version } = JSON.parse(await Deno.readTextFile(path));
    return typeof version === "number" ? version : 0;
  } catch {
    // Every version of the program sets a damaged file aside by itself.
    return 0;
  }
}

/** The files that were kept under a stamp, with their folders. */
async function keptFiles(home: string, stamp: string): Promise<readonly (readonly [string, string])[]> {
  const kept: (readonly [string, string])[] = [];
  for (const folder of [home, join(home, "state")]) {
    for (const { name } of await listIfExists(folder)) if (name.endsWith(`-${stamp}`)) kept.push([folder, name]);
  }
  return kept;
}
