import type { Bilingual } from "../base/mod.ts";
import { API_HOSTS } from "../civitai/mod.ts";
import { Failsafe, type FailsafeOptions } from "../failsafe/mod.ts";
import type { Profile } from "../transfer/mod.ts";
import type { Library } from "./open_library.ts";
import { stateFolder } from "../library/mod.ts";
import type { DownloadEvent } from "./download_event.ts";

/** Options of {@linkcode openLibraryFailsafe}. */
export interface LibraryFailsafeOptions extends Pick<FailsafeOptions, "force" | "silentMs" | "onWarning"> {
  /** The most aggressive profile that may be used. */
  readonly profile: Profile;
  /**
   * URL of the API, if it is not Civitai's own. Failures of the API do not change the mode: nothing works without the
   * API, but its failures do not show whether storage hosts can cope with the profile.
   */
  readonly baseUrl?: string | undefined;
  /** Longest wait for the headers of a request, in milliseconds. */
  readonly timeoutMs: number;
  /** Time for which all hosts must have failed before the mode becomes `paused`, in milliseconds. */
  readonly patienceMs: number;
  /** Called with each transition of the mode or a breaker. */
  readonly onEvent: (event: DownloadEvent) => void;
}

const THE_API: Bilingual = { en: "the API", ja: "API" };
const EVERY_STORAGE: Bilingual = { en: "every storage", ja: "すべてのストレージ" };

/**
 * Open the failsafe of a library. Only the run that holds the library may do so.
 *
 * @param library The library, whose state folder stores the failsafe's state
 * @param options Profile, address of the API, timeouts
 * @returns The failsafe; dispose it to save its state
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openLibraryFailsafe } from "@civitai-dl/civitai-dl/downloader";
 * import { PROFILES } from "@civitai-dl/civitai-dl/transfer";
 *
 * const library = { root: await Deno.makeTempDir() };
 * const failsafe = await openLibraryFailsafe(library, {
 *   profile: PROFILES.parallel,
 *   timeoutMs: 30_000,
 *   patienceMs: 300_000,
 *   onEvent: console.log,
 * });
 * assertEquals(failsafe.mode, "parallel");
 * await failsafe[Symbol.asyncDispose]();
 * await Deno.remove(library.root, { recursive: true });
 * ```
 */
export async function openLibraryFailsafe(
  library: Pick<Library, "root">,
  options: LibraryFailsafeOptions,
): Promise<Failsafe> {
  const { profile, baseUrl, timeoutMs, patienceMs, force, silentMs, onEvent, onWarning } = options;
  const ownHost = baseUrl === undefined ? undefined : URL.parse(baseUrl)?.host;
  const isApi = (key: string): boolean => API_HOSTS.includes(key) || key === ownHost;
  return await Failsafe.open(stateFolder(library.root), {
    ceiling: profile.name,
    force,
    silentMs,
    // A probe may take as long as any other request.
    breakers: { probeTimeoutMs: 10_000 + Math.max(timeoutMs, profile.headerTimeoutMs) },
    modes: { goneMs: patienceMs },
    groupOf: (key) => isApi(key) ? THE_API : EVERY_STORAGE,
    movesMode: (key) => !isApi(key),
    onEvent: ({ time: _, ...event }) => onEvent(event),
    onWarning,
  });
}
