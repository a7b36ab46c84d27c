import { formatCount, messageOf } from "../../base/mod.ts";
import { join } from "node:path";
import { catalogFile, stateFolder } from "../../library/mod.ts";

/** A file that may go into the debug information. */
export interface DebugSource {
  /** Path in the archive, such as `logs/download.log`. */
  readonly name: string;
  /** Path on disk. */
  readonly path: string;
  /** Size on disk, in bytes. */
  readonly bytes: number;
  /** Bytes that go in: the newest ones, if the file is larger than the limit. */
  readonly takenBytes: number;
}

/** A file that stays out, and why. */
export interface LeftOut {
  /** Path in the archive that it would have. */
  readonly name: string;
  /** Size on disk, in bytes. */
  readonly bytes: number;
  /** Why it stays out, as a clause. */
  readonly reason: string;
}

/** What goes in, and what stays out. */
export interface DebugPlan {
  /** Files that go in. */
  readonly sources: readonly DebugSource[];
  /** Files and folders that stay out. */
  readonly leftOut: readonly LeftOut[];
}

/** Where the files are. */
export interface DebugPlaces {
  /** The library's folder. */
  readonly library: string;
  /** The log folder. */
  readonly logs: string;
  /** The configuration file in use; `null` without one. */
  readonly config: string | null;
}

/** Options of {@linkcode planDebugInfo}. */
export interface PlanDebugInfoOptions {
  /** Limit for one log, in bytes; the newest part of a larger one goes in. */
  readonly maxLogBytes: number;
}

const LOG_NAME = /\.(?:log|jsonl)(?:\.\d+)?$|^metrics-[\w-]+\.json$/;
const STATE_NAME = /\.(?:json|jsonl)(?:\.\d+|\.corrupt(?:-[\w-]+)?)?$/;
/** Reports of metrics pile up: one a minute with a monitor. */
const MAX_METRIC_REPORTS = 20;
const SNIFFED_BYTES = 8192;

/**
 * List what goes into the debug information. Nothing is read but a few bytes of each file.
 *
 * @param places Library, logs, configuration
 * @param options Size limit
 * @returns The plan; a missing or unreadable folder is one of the things that are left out
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { planDebugInfo } from "../mod.ts";
 *
 * const logs = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${logs}/download.log`, "one\ntwo\n");
 * const plan = await planDebugInfo({ library: "/none", logs, config: null }, { maxLogBytes: 4 });
 * assertEquals(plan.sources.map(({ name, takenBytes }) => [name, takenBytes]), [["logs/download.log", 4]]);
 * await Deno.remove(logs, { recursive: true });
 * ```
 */
export async function planDebugInfo(places: DebugPlaces, options: PlanDebugInfoOptions): Promise<DebugPlan> {
  const { library, logs, config } = places;
  const sources: DebugSource[] = [];
  const leftOut: LeftOut[] = [];
  const take = async (name: string, path: string, isWanted: boolean, reason: string): Promise<void> => {
    const found = await examine(path, options.maxLogBytes);
    if (found.bytes === null) leftOut.push({ name, bytes: 0, reason: found.reason });
    else if (!isWanted) leftOut.push({ name, bytes: found.bytes, reason });
    else if (found.reason !== "") leftOut.push({ name, bytes: found.bytes, reason: found.reason });
    else sources.push({ name, path, bytes: found.bytes, takenBytes: Math.min(found.bytes, options.maxLogBytes) });
  };
  const takeFolder = async (prefix: string, folder: string, pattern: RegExp, reason: string): Promise<void> => {
    const names = await namesIn(folder);
    if (typeof names === "string") leftOut.push({ name: prefix, bytes: 0, reason: names });
    else {
      const reports = names.filter((name) => name.startsWith("metrics-")).toSorted().slice(0, -MAX_METRIC_REPORTS);
      const old = new Set(reports);
      for (const name of names) {
        if (old.has(name)) continue;
        await take(`${prefix}/${name}`, join(folder, name), pattern.test(name), reason);
      }
      if (old.size > 0) {
        leftOut.push({ name: `${prefix}/metrics-*.json`, bytes: 0, reason: formatCount(old.size, "older report") });
      }
    }
  };
  await takeFolder("logs", logs, LOG_NAME, "it is no log of this program");
  await takeFolder("state", stateFolder(library), STATE_NAME, "it is no document of this program");
  const active = join(stateFolder(library), "active");
  if (typeof await namesIn(active) !== "string") {
    await takeFolder("state/active", active, /\.json$/, "it is no snapshot");
  }
  if (config !== null) await take("config/civitai-dl.yml", config, true, "");
  const catalog = await examine(catalogFile(library), 0);
  if (catalog.bytes !== null) {
    const reason = "it names every model; plan.json has its totals, health.json its check";
    leftOut.push({ name: "catalog.db", bytes: catalog.bytes, reason });
  }
  return { sources, leftOut };
}

/** Names of the files of a folder, or why there are none. */
async function namesIn(folder: string): Promise<readonly string[] | string> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.filter(({ isDirectory }) => !isDirectory).map(({ name }) => name).toSorted();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "there is no such folder";
    if (error instanceof Deno.errors.NotADirectory) return "it is a file, not a folder";
    return messageOf(error);
  }
}

/** Size of a file, and why its newest part cannot be used; the reason is empty if it can. */
async function examine(
  path: string,
  maxBytes: number,
): Promise<{ readonly bytes: number | null; readonly reason: string }> {
  try {
    const { isFile, isSymlink, size } = await Deno.lstat(path);
    if (!isFile) return { bytes: null, reason: isSymlink ? "it is a link" : "it is no plain file" };
    using file = await Deno.open(path, { read: true });
    await file.seek(Math.max(0, size - maxBytes), Deno.SeekMode.Start);
    const head = new Uint8Array(SNIFFED_BYTES);
    const count = await file.read(head) ?? 0;
    return { bytes: size, reason: head.subarray(0, count).includes(0) ? "it is binary" : "" };
  } catch (error) {
    return { bytes: null, reason: messageOf(error) };
  }
}
