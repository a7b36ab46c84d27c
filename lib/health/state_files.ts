import { join } from "node:path";
import { alertsFile } from "../alerts/mod.ts";
import { type Clock, isRecord, KitError, messageOf, refuseNewer } from "../base/mod.ts";
import { hostsFile, quotaFile } from "../downloader/mod.ts";
import { stateFolder } from "../library/mod.ts";
import { checksFile, followFile } from "../monitor/mod.ts";
import { Failsafe } from "../failsafe/mod.ts";
import { RolloutStore } from "../rollout/mod.ts";

/** One state file of a library, as the room that owns it reads it. */
export interface StateFileFinding {
  /** Name in the folder `state`. */
  readonly name: string;
  readonly verdict: "readable" | "corrupt" | "newer" | "unreadable" | "set-aside";
  /** What is wrong; `null` for a readable one. */
  readonly problem: string | null;
}

/** Larger state files do not exist: nothing but damage makes one. */
const MAX_BYTES = 64 << 20;

/** Where and when the files are read. */
export interface ReadStateFilesOptions {
  /** The library's folder. */
  readonly library: string;
  readonly clock: Clock;
}

/**
 * Read every state file of a library, without changing one.
 *
 * @param options Library and clock
 * @returns The files by name; `null` if there is no state folder
 * @throws {Deno.errors.PermissionDenied} If the folder cannot be read
 * @throws {Deno.errors.NotADirectory} If a file is in its place
 */
export async function readStateFiles(options: ReadStateFilesOptions): Promise<readonly StateFileFinding[] | null> {
  let names: string[];
  try {
    names = (await Array.fromAsync(Deno.readDir(stateFolder(options.library)))).map(({ name }) => name).toSorted();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  const files: StateFileFinding[] = [];
  for (const name of names) {
    if (/\.json\.corrupt(?:-|$)/.test(name)) {
      files.push({ name, verdict: "set-aside", problem: "an earlier run could not read it" });
    } else if (name.endsWith(".json")) files.push(await readOne(name, options));
  }
  return files;
}

async function readOne(name: string, options: ReadStateFilesOptions): Promise<StateFileFinding> {
  try {
    const { size, isFile } = await Deno.lstat(join(stateFolder(options.library), name));
    if (!isFile) return { name, verdict: "corrupt", problem: "it is not a plain file" };
    if (size > MAX_BYTES) return { name, verdict: "corrupt", problem: `it has ${size} bytes` };
    await parse(name, options);
    return { name, verdict: "readable", problem: null };
  } catch (error) {
    const problem = messageOf(error);
    if (error instanceof KitError) return { name, verdict: "newer", problem };
    if (error instanceof SyntaxError) return { name, verdict: "corrupt", problem };
    if (error instanceof Deno.errors.NotFound) return { name, verdict: "readable", problem: null };
    return { name, verdict: "unreadable", problem };
  }
}

/** Parse a file by the function of the room that owns it. */
async function parse(name: string, { library, clock }: ReadStateFilesOptions): Promise<void> {
  const folder = stateFolder(library);
  const path = join(folder, name);
  switch (name) {
    case "failsafe.json":
      Failsafe.peek(folder, { clock });
      return;
    case "rollout.json":
      await new RolloutStore(folder, { command: "health-check" }).peek();
      return;
    case "quota.json":
      await quotaFile(library).read();
      return;
    case "hosts.json":
      await hostsFile(library).read();
      return;
    case "alerts.json":
      await alertsFile(path).read();
      return;
    case "monitor.json":
      await followFile(path).read();
      return;
    case "checks.json":
      await checksFile(path).read();
      return;
    default: {
      const value: unknown = JSON.parse(await Deno.readTextFile(path));
      if (!isRecord(value)) throw new SyntaxError("it is no JSON object");
      refuseNewer(value, { path, version: 1 });
    }
  }
}
