import { join } from "node:path";
import { type Clock, existsSync, systemClock } from "../../base/mod.ts";
import type { RunRollout } from "./run_rollout.ts";
import type { Library } from "../open_library.ts";
import { stateFolder } from "../../library/mod.ts";
import type { DownloadEvent } from "../download_event.ts";

/** Options of {@linkcode openLibraryRollout}. */
export interface OpenLibraryRolloutOptions {
  /** Name of the command, shown to a process that waits until this one has changed the state. */
  readonly command: string;
  /** Called with each transition, also of other processes. */
  readonly onEvent: (event: DownloadEvent) => void;
  /** Called with each file that the judge counts: its arm, and `ok`, `error`, `timeout` or `integrity`. */
  readonly onOutcome?: ((arm: string, outcome: string) => void) | undefined;
  /** Called if the state cannot be read or written. */
  readonly onWarning: (message: string) => void;
  /**
   * Source of time.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** How long a run waits for a command that changes the rollout, in milliseconds. */
const WAIT_MS = 5000;

/**
 * Open the rollout of a library, if there is one. Otherwise nothing is loaded: the module is imported on demand.
 *
 * @param library The library, whose state folder stores the rollout
 * @param options Observers
 * @returns The rollout, for {@linkcode openEngine}; dispose it to write what was counted. `undefined` if there is none
 * @throws {KitError} `unsafe` if a later version of the program wrote the state
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openLibraryRollout } from "@civitai-dl/civitai-dl/downloader";
 *
 * const library = { root: await Deno.makeTempDir() };
 * const rollout = await openLibraryRollout(library, { command: "example", onEvent() {}, onWarning() {} });
 * assertEquals(rollout, undefined);
 * ```
 */
export async function openLibraryRollout(
  library: Pick<Library, "root">,
  options: OpenLibraryRolloutOptions,
): Promise<(RunRollout & AsyncDisposable) | undefined> {
  const { command, onEvent, onWarning, onOutcome = () => {}, clock = systemClock } = options;
  const folder = stateFolder(library.root);
  // The name that `RolloutStore` uses. Most libraries have no rollout, and loading the room takes time.
  if (!existsSync(join(folder, "rollout.json"))) return undefined;
  const [{ RolloutStore }, { LibraryRollout }] = await Promise.all([
    import("../../rollout/mod.ts"),
    import("./library_rollout.ts"),
  ]);
  const store = new RolloutStore(folder, { command, clock, onWarning, waitMs: WAIT_MS });
  const rollout = await store.read();
  return rollout.state === "idle" ? undefined : new LibraryRollout({
    store,
    rollout,
    clock,
    onEvent,
    onOutcome,
    onWarning,
  });
}
