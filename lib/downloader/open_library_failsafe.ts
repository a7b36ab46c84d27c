import { join } from "node:path";
import { Failsafe, type FailsafeOptions } from "../failsafe/mod.ts";
import type { Profile } from "../transfer/mod.ts";
import { type Library, STATE_FOLDER } from "./open_library.ts";
import type { DownloadEvent } from "./watch/download_event.ts";

/** Options of {@linkcode openLibraryFailsafe}. */
export interface LibraryFailsafeOptions extends Pick<FailsafeOptions, "force" | "onWarning"> {
  /** The boldest engine that may be used. */
  readonly profile: Profile;
  /**
   * Hosts of the API, with their ports; may grow until the first request. Without the API nothing goes on, but it says
   * nothing of how storages bear the engine, so it does not move the mode.
   */
  readonly apiHosts: ReadonlySet<string>;
  /** Longest wait for the headers of a request, in milliseconds. */
  readonly timeoutMs: number;
  /** How long all hosts must have failed before the mode is `paused`, in milliseconds. */
  readonly patienceMs: number;
  /** Told of transitions. */
  readonly onEvent: (event: DownloadEvent) => void;
}

/**
 * Open the failsafe that all runs on a library share.
 *
 * @param library Whose
 * @param options Profile, hosts of the API, limits of time
 * @returns The failsafe; dispose it to write its state down
 */
export async function openLibraryFailsafe(
  library: Pick<Library, "root">,
  options: LibraryFailsafeOptions,
): Promise<Failsafe> {
  const { profile, apiHosts, timeoutMs, patienceMs, force, onEvent, onWarning } = options;
  return await Failsafe.open(join(library.root, STATE_FOLDER, "state"), {
    ceiling: profile.name,
    force,
    // A trial may take as long as any other request.
    rulesFor: () => ({ probeTimeoutMs: 10_000 + Math.max(timeoutMs, profile.headerTimeoutMs) }),
    modes: { goneMs: patienceMs },
    groupOf: (key) => apiHosts.has(key) ? "the API" : "every storage",
    movesMode: (key) => !apiHosts.has(key),
    onEvent: ({ id: _, time: __, ...event }) => onEvent(event),
    onWarning,
  });
}
