import { type Env, isLoopback, KitError, systemEnv } from "../base/mod.ts";
import { parseTarget } from "../civitai/mod.ts";
import { RETRY_POLICY } from "../failsafe/mod.ts";
import { type Profile, PROFILES } from "../transfer/mod.ts";
import { type Choice, DEFAULT_CHOICE } from "./choice.ts";
import { download, type DownloadResult } from "./download.ts";
import type { OutcomeCounts } from "./fetch/count_outcomes.ts";
import type { RunSummary } from "./fetch/run_summary.ts";
import { type Library, openLibrary } from "./open_library.ts";
import { findEarlyStop } from "./result/judge_download.ts";
import { openRun } from "./run/open_run.ts";
import { rememberLayout, settleLayout } from "./settle_layout.ts";
import type { DownloadEvent } from "./download_event.ts";
import { Progress } from "./watch/progress.ts";

/** Bytes that must stay free on the disk. */
const RESERVE_BYTES = 1024 ** 3;
/** Longest wait for an API response, in milliseconds. */
const TIMEOUT_MS = 30_000;

/** Minimum time between two progress reports while bytes arrive, in milliseconds. */
const PROGRESS_MS = 100;

/** Progress of {@linkcode fetchModels}. */
export interface FetchProgress {
  /** One line, such as `Listing: 100 models`, then `42/180 files, 1.2 GiB, 35.0 MiB/s, 4m left`. */
  readonly summary: string;
  /** Completed fraction of the bytes to fetch, from 0 to 1; of the number of files if no sizes are known. */
  readonly fraction: number;
}

/** Options of {@linkcode fetchModels}. */
export interface FetchModelsOptions {
  /** API key; Civitai requires one for every download. */
  readonly token?: string | undefined;
  /**
   * Whether to fetch only the latest version of each model, the first in the creator's order. `choice.versions` takes
   * precedence.
   *
   * @default {false}
   */
  readonly latestOnly?: boolean | undefined;
  /**
   * Filters, limits and layout that differ from the defaults.
   *
   * @default {DEFAULT_CHOICE}
   */
  readonly choice?: Partial<Choice> | undefined;
  /**
   * URL of the API.
   *
   * @default {"https://civitai.com"}
   */
  readonly baseUrl?: string | undefined;
  /**
   * The most aggressive profile that may be used.
   *
   * @default {PROFILES.turbo}
   */
  readonly profile?: Profile | undefined;
  /**
   * Bytes that must stay free on the disk.
   *
   * @default {1073741824}
   */
  readonly reserveBytes?: number | undefined;
  /** Called with the progress at each step, and up to ten times a second while bytes arrive. */
  readonly onProgress?: ((at: FetchProgress) => void) | undefined;
  /** Called with each event. */
  readonly onEvent?: ((event: DownloadEvent) => void) | undefined;
  /**
   * Environment variables. They may set a proxy, and `CIVITAI_DL_DISABLE_EXPERIMENTAL=1` allows only the profile
   * `stable`.
   *
   * @default {systemEnv}
   */
  readonly env?: Env | undefined;
  /** Stops the run; the next call resumes it. */
  readonly signal?: AbortSignal | undefined;
}

/** A target or file that was not fetched. */
export interface FetchProblem {
  /** A target such as `user:NAME`, `model:1` or `version:1`, or the path of the file, relative to the library. */
  readonly target: string;
  /** What was attempted, and why it did not work. */
  readonly message: string;
}

/** Result of {@linkcode fetchModels}. */
export interface FetchedModels {
  /** Number of files and images by outcome; those that were on disk before count as `already there`. */
  readonly outcomes: OutcomeCounts;
  /** Targets and entries that could not be planned or read, refused targets, and the first thousand failed files. */
  readonly problems: readonly FetchProblem[];
  /**
   * Why the run ended early or had no room on the disk for some files; `null` if neither happened. The next call
   * resumes the run.
   */
  readonly stopped: RunSummary["stopped"];
}

/**
 * Fetch models, images and whole creators into a library, with the targets, the engine and the defaults of the command
 * `download`. It shares the catalog, failsafe and daily counts with that command. It does not read a
 * configuration or an API key, does not ask for approval, and does not write logs.
 *
 * @param folder Folder of the library; it is created if it is missing
 * @param targets Ids of models, or targets as `download` accepts them, such as `user:NAME` or a Civitai URL
 * @param options Key, choice, observers
 * @returns Outcomes and problems; a failed item is listed there and does not throw
 * @throws {KitError} `usage` if there are no targets, or one is invalid; `unsafe` if another run holds the library; if
 *   nothing was fetched, `auth` for a wrong key and `network` if there is no network
 * @throws The signal's reason, if it stops the run
 *
 * @example
 * ```ts
 * import { assertEquals, assertStringIncludes } from "@std/assert";
 * import { fetchModels } from "@civitai-dl/civitai-dl/downloader";
 * import { startSandbox } from "@civitai-dl/civitai-dl/sandbox";
 *
 * await using sandbox = await startSandbox({ outcomes: {}, requireLogin: 0 });
 * const folder = await Deno.makeTempDir();
 * let line = "";
 * const { problems } = await fetchModels(folder, [sandbox.facts().next().value!.modelId], {
 *   // Without `baseUrl` the models come from Civitai.
 *   baseUrl: sandbox.apiOrigin,
 *   token: sandbox.token,
 *   latestOnly: true,
 *   onProgress: (at) => line = at.summary,
 * });
 * assertEquals(problems, []);
 * assertStringIncludes(line, " files, ");
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function fetchModels(
  folder: string,
  targets: readonly (string | number)[],
  options: FetchModelsOptions = {},
): Promise<FetchedModels> {
  const { token, baseUrl = "https://civitai.com", env = systemEnv } = options;
  const { reserveBytes = RESERVE_BYTES, signal = new AbortController().signal } = options;
  signal.throwIfAborted();
  if (targets.length === 0) throw new KitError("usage", "Cannot fetch models: no target is given");
  const url = URL.parse(baseUrl);
  const hosts = url === null ? [] : [url.host];
  const parsedTargets = targets.map((target) => parseTarget(String(target), { hosts }));
  const isSwitchedOff = env("CIVITAI_DL_DISABLE_EXPERIMENTAL") === "1";
  const profile = isSwitchedOff ? PROFILES.stable : options.profile ?? PROFILES.turbo;
  const onEvent = createObserver(options);
  const onWarning = (message: string): void => onEvent({ type: "warning", message });
  using library = await openLibrary(folder, { command: "download", signal });
  const choice = resolveChoice(library, options, onWarning);
  const isLocal = isLoopback(url?.hostname ?? "");
  if (token === undefined && !isLocal) onWarning("without an API key Civitai refuses every download");
  // A server on this machine needs no protection from fast requests.
  const pace = isLocal ? { modelRate: 0, imageRate: 0, downloadRate: 0 } : {};
  await using run = await openRun(library, {
    command: "download",
    logs: null,
    isDryRun: false,
    hasRollout: false,
    profile,
    force: undefined,
    limits: undefined,
    patienceMs: RETRY_POLICY.patienceMs,
    maxRetries: undefined,
    bandwidth: undefined,
    throttle: undefined,
    durable: true,
    hostTimeouts: [],
    client: { baseUrl, token, timeoutMs: TIMEOUT_MS, ...pace },
    env,
    onEvent,
    onWarning,
  });
  const result = await download({
    ...run.engine,
    targets: parsedTargets,
    choice,
    command: "download",
    reserveBytes,
    approve() {
      rememberLayout(library.catalog, choice);
      return Promise.resolve(true);
    },
    signal,
  });
  const { stopped } = result.run!;
  if (stopped !== null) signal.throwIfAborted();
  const early = findEarlyStop(result.run!);
  if (early !== null) throw new KitError(early.code, early.message, early.hint === null ? {} : { hint: early.hint });
  return { outcomes: result.counts, problems: collectProblems(result), stopped };
}

/** Combine the two callbacks: progress is reported at each event, but `bytes` events are throttled. */
function createObserver({ onProgress, onEvent = () => {} }: FetchModelsOptions): (event: DownloadEvent) => void {
  if (onProgress === undefined) return onEvent;
  const progress = new Progress();
  let reportedAt = -Infinity;
  return (event) => {
    progress.record(event);
    onEvent(event);
    const now = performance.now();
    if (event.type === "bytes" && now - reportedAt < PROGRESS_MS) return;
    reportedAt = now;
    onProgress({ summary: progress.summary(), fraction: progress.fraction() });
  };
}

/** Fill in the defaults of the choice. A layout in the options takes precedence over the library's layout. */
function resolveChoice(library: Library, options: FetchModelsOptions, onWarning: (message: string) => void): Choice {
  const { layout, template } = options.choice ?? {};
  const isRequested = layout !== undefined || template !== undefined;
  const requested = isRequested ? { layout: layout ?? DEFAULT_CHOICE.layout, template: template ?? null } : null;
  const { notice, ...settled } = settleLayout(library.catalog, requested);
  if (notice !== null) onWarning(notice);
  const versions = options.latestOnly === true ? "latest" : DEFAULT_CHOICE.versions;
  return { ...DEFAULT_CHOICE, versions, ...options.choice, ...settled };
}

function collectProblems({ plan, run, refused }: DownloadResult): readonly FetchProblem[] {
  const problems: FetchProblem[] = [...plan.problems, ...refused].map(({ target, message }) => ({ target, message }));
  if (plan.nothing !== null) problems.push({ target: "all targets", message: plan.nothing });
  for (const { target, name, reason } of plan.unreadable.entries) {
    problems.push({ target, message: `Cannot read ${name}: ${reason}` });
  }
  for (const { path, message } of run!.failed) problems.push({ target: path, message });
  return problems;
}
