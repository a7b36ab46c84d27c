import { type Env, isLoopback, KitError } from "../base/mod.ts";
import { parseTarget } from "../civitai/mod.ts";
import { RETRY_POLICY } from "../failsafe/mod.ts";
import { type Profile, PROFILES } from "../transfer/mod.ts";
import { type Choice, DEFAULT_CHOICE } from "./choice.ts";
import { download } from "./download.ts";
import { openLibraryFailsafe } from "./fetch/open_library_failsafe.ts";
import type { RunSummary } from "./fetch/run_summary.ts";
import { openEngine } from "./open_engine.ts";
import { openLibrary } from "./open_library.ts";
import { openDayQuota } from "./quota/open_day_quota.ts";
import { rememberLayout, settleLayout } from "./settle_layout.ts";
import type { DownloadEvent } from "./watch/download_event.ts";
import { Progress } from "./watch/progress.ts";

/** Disk space that is never used. */
const RESERVE_BYTES = 1024 ** 3;
/** Longest wait for an answer of the API. */
const TIMEOUT_MS = 30_000;

/** How far {@linkcode fetchModels} is. */
export interface FetchProgress {
  /** One line, such as `42/180 files, 1.2 GiB, 35.0 MiB/s, 4m left`. */
  readonly summary: string;
  /** The share that is done, 0 to 1. */
  readonly fraction: number;
}

/** Options of {@linkcode fetchModels}. */
export interface FetchModelsOptions {
  /** The API key; Civitai wants one for every download. */
  readonly token?: string | undefined;
  /**
   * Only the newest version of each model.
   *
   * @default {false}
   */
  readonly latestOnly?: boolean | undefined;
  /**
   * Which of what the targets offer is wanted, where it is not as usual.
   *
   * @default {DEFAULT_CHOICE}
   */
  readonly choice?: Partial<Choice> | undefined;
  /**
   * Where the API is.
   *
   * @default {"https://civitai.com"}
   */
  readonly baseUrl?: string | undefined;
  /**
   * The boldest engine that may be used.
   *
   * @default {PROFILES.turbo}
   */
  readonly profile?: Profile | undefined;
  /**
   * Bytes of the disk that are never used.
   *
   * @default {1073741824}
   */
  readonly reserveBytes?: number | undefined;
  /** Told how far it is, with each event. */
  readonly onProgress?: ((at: FetchProgress) => void) | undefined;
  /** Told what happens. */
  readonly onEvent?: ((event: DownloadEvent) => void) | undefined;
  /** Names the proxy, if there is one. */
  readonly env?: Env | undefined;
  /** Stops the run; the next one goes on with it. */
  readonly signal?: AbortSignal | undefined;
}

/** A target or a file that is not there at the end. */
export interface FetchProblem {
  /** The target as it was asked for, or the file's path below the library. */
  readonly target: string;
  /** What was attempted, and why it did not work. */
  readonly message: string;
}

/** What {@linkcode fetchModels} did. */
export interface FetchedModels {
  /** Files and images by how they ended. */
  readonly outcomes: RunSummary["outcomes"];
  /** Targets that could not be planned, and items that failed, each with the reason. */
  readonly problems: readonly FetchProblem[];
}

/**
 * Fetch models, images and whole creators into a library, as the command `download` does: the same words for targets,
 * the same engine with its failsafe, links and counts of the day, and the same state in the folder.
 *
 * @param folder The library; it is made if it is not there
 * @param targets A model's id, or a word that `download` takes, such as `user:NAME` or a Civitai URL
 * @param options Key, choice, observers
 * @returns How everything ended; what failed is named and does not throw
 * @throws {KitError} `usage` for a word that means nothing, and whatever keeps a run from beginning: a library that
 *   another run holds (`unsafe`), a wrong key (`auth`), no network (`network`)
 *
 * @example
 * ```ts ignore
 * const { outcomes, problems } = await fetchModels("models", [1, 2, "user:NAME"], {
 *   token: Deno.env.get("CIVITAI_API_KEY"),
 *   latestOnly: true,
 *   onProgress: (at) => console.error(at.summary),
 * });
 * ```
 */
export async function fetchModels(
  folder: string,
  targets: readonly (string | number)[],
  options: FetchModelsOptions = {},
): Promise<FetchedModels> {
  const { token, baseUrl = "https://civitai.com", profile = PROFILES.turbo, latestOnly = false, env } = options;
  const { reserveBytes = RESERVE_BYTES, onProgress = () => {}, signal = new AbortController().signal } = options;
  const url = URL.parse(baseUrl);
  const hosts = url === null ? [] : [url.host];
  const words = targets.map((target) => parseTarget(String(target), { hosts }));
  const progress = new Progress();
  const onEvent = (event: DownloadEvent): void => {
    progress.see(event);
    options.onEvent?.(event);
    onProgress({ summary: progress.summary(), fraction: progress.fraction() });
  };
  const onWarning = (message: string): void => onEvent({ type: "warning", message });
  using library = await openLibrary(folder, { command: "download", signal });
  const { layout, template } = settleLayout(library.catalog, null);
  const wanted: Choice = {
    ...DEFAULT_CHOICE,
    layout,
    template,
    ...(latestOnly ? { versions: "latest" } : {}),
    ...options.choice,
  };
  await using quota = await openDayQuota(library, { onWarning });
  await using failsafe = await openLibraryFailsafe(library, {
    profile,
    apiHosts: new Set(["civitai.red", ...hosts]),
    timeoutMs: TIMEOUT_MS,
    patienceMs: RETRY_POLICY.patienceMs,
    onEvent,
    onWarning,
  });
  // Nobody has to be spared on this machine.
  const pace = isLoopback(url?.hostname ?? "") ? { modelRate: 0, imageRate: 0, downloadRate: 0 } : {};
  using engine = openEngine({
    library,
    profile,
    failsafe,
    quota,
    env,
    onEvent,
    client: { baseUrl, token, timeoutMs: TIMEOUT_MS, onRequest: (notice) => quota.seeRequest(notice), ...pace },
  });
  const { plan, run, refused } = await download({
    ...engine,
    targets: words,
    choice: wanted,
    command: "download",
    reserveBytes,
    approve() {
      rememberLayout(library.catalog, wanted);
      return Promise.resolve(true);
    },
    signal,
  });
  signal.throwIfAborted();
  const { outcomes, failed, stopped } = run!;
  if (stopped !== null && Object.keys(outcomes).length === 0) {
    throw new KitError(stopped.code, stopped.message, stopped.hint === null ? {} : { hint: stopped.hint });
  }
  const problems: FetchProblem[] = [...plan.problems, ...refused].map(({ target, message }) => ({ target, message }));
  for (const { target, name, reason } of plan.unreadable.entries) {
    problems.push({ target, message: `Cannot read ${name}: ${reason}` });
  }
  for (const { path, message } of failed) problems.push({ target: path, message });
  if (stopped !== null) problems.push({ target: "what is left", message: stopped.message });
  return { outcomes, problems };
}
