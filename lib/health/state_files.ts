import { join } from "node:path";
import { parseAlertState } from "../alerts/mod.ts";
import { type Clock, KitError, refuseNewer } from "../base/mod.ts";
import { QuotaWindow } from "../downloader/mod.ts";
import { STATE_FOLDER } from "../library/mod.ts";
import { Failsafe } from "../failsafe/mod.ts";
import { RolloutStore } from "../rollout/mod.ts";

/** One state file of a library, as the room that owns it reads it. */
export interface StateFile {
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
export async function readStateFiles({ library, clock }: ReadStateFilesOptions): Promise<readonly StateFile[] | null> {
  const folder = join(library, STATE_FOLDER, "state");
  let names: string[];
  try {
    names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).toSorted();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  const files: StateFile[] = [];
  for (const name of names) {
    if (/\.json\.corrupt(?:-|$)/.test(name)) {
      files.push({ name, verdict: "set-aside", problem: "an earlier run could not read it" });
    } else if (name.endsWith(".json")) files.push(await readOne(folder, name, clock));
  }
  return files;
}

async function readOne(folder: string, name: string, clock: Clock): Promise<StateFile> {
  try {
    const { size, isFile } = await Deno.lstat(join(folder, name));
    if (!isFile) return { name, verdict: "corrupt", problem: "it is not a plain file" };
    if (size > MAX_BYTES) return { name, verdict: "corrupt", problem: `it has ${size} bytes` };
    await parse(folder, name, clock);
    return { name, verdict: "readable", problem: null };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    if (error instanceof KitError) return { name, verdict: "newer", problem };
    if (error instanceof SyntaxError) return { name, verdict: "corrupt", problem };
    if (error instanceof Deno.errors.NotFound) return { name, verdict: "readable", problem: null };
    return { name, verdict: "unreadable", problem };
  }
}

/** Parse a file by the function of the room that owns it. */
async function parse(folder: string, name: string, clock: Clock): Promise<void> {
  const path = join(folder, name);
  switch (name) {
    case "failsafe.json":
      Failsafe.peek(folder, { clock });
      return;
    case "rollout.json":
      await new RolloutStore(folder, { command: "health-check" }).peek();
      return;
    case "quota.json":
      QuotaWindow.parse(await Deno.readTextFile(path), clock.now(), path);
      return;
    case "alerts.json":
      parseAlertState(await Deno.readTextFile(path), path);
      return;
    default: {
      const value: unknown = JSON.parse(await Deno.readTextFile(path));
      if (typeof value !== "object" || value === null) throw new SyntaxError("it is no JSON object");
      refuseNewer(value, { path, version: 1 });
    }
  }
}
