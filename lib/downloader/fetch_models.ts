import { type Env, isLoopback, KitError, systemEnv } from "../base/mod.ts";
import { parseTarget } from "../civitai/mod.ts";
import { RETRY_POLICY } from "../failsafe/mod.ts";
import { type Profile, PROFILES } from "../transfer/mod.ts";
import { type Choice, DEFAULT_CHOICE } from "./choice.ts";
import { download, type DownloadResult } from "./download.ts";
import type { OutcomeCounts } from "./fetch/count_outcomes.ts";
import { openLibraryFailsafe } from "./open_library_failsafe.ts";
import type { RunSummary } from "./fetch/run_summary.ts";
import { openEngine } from "./open_engine.ts";
import { type Library, openLibrary } from "./open_library.ts";
import { openDayQuota } from "./quota/open_day_quota.ts";
import { rememberLayout, settleLayout } from "./settle_layout.ts";
import type { DownloadEvent } from "./watch/download_event.ts";
import { Progress } from "./watch/progress.ts";

/** Disk space that is never used. */
const RESERVE_BYTES = 1024 ** 3;
/** Longest wait for an answer of the API. */
const TIMEOUT_MS = 30_000;

/** Progress is told at most so often while bytes come. */
const PROGRESS_MS = 100;

/** How far {@linkcode fetchModels} is. */
export interface FetchProgress {
  /** One line, such as `Listing: 100 models`, then `42/180 files, 1.2 GiB, 35.0 MiB/s, 4m left`. */
  readonly summary: string;
  /** The share of the bytes to fetch that has come, 0 to 1; of the files where no sizes are known. */
  readonly fraction: number;
}

/** Options of {@linkcode fetchModels}. */
export interface FetchModelsOptions {
  /** The API key; Civitai wants one for every download. */
  readonly token?: string | undefined;
  /**
   * Only the newest version of each model; `choice.versions` takes precedence.
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
  /** Told how far it is, some times a second. */
  readonly onProgress?: ((at: FetchProgress) => void) | undefined;
  /** Told what happens. */
  readonly onEvent?: ((event: DownloadEvent) => void) | undefined;
  /**
   * The environment, for proxies and for `CIVITAI_DL_DISABLE_EXPERIMENTAL=1`, which allows no engine but `stable`.
   *
   * @default {systemEnv}
   */
  readonly env?: Env | undefined;
  /** Stops the run; the next one goes on with it. */
  readonly signal?: AbortSignal | undefined;
}

/** A target or a file that is not there at the end. */
export interface FetchProblem {
  /** The target, in the form `user:NAME`, `model:1` or `version:1`; or the file's path below the library. */
  readonly target: string;
  /** What was attempted, and why it did not work. */
  readonly message: string;
}

/** What {@linkcode fetchModels} did. */
export interface FetchedModels {
  /** Files and images of the targets by how they ended; what was there before counts as `already there`. */
  readonly outcomes: OutcomeCounts;
  /** What could not be planned or read, what the server refused, and the first thousand files that failed. */
  readonly problems: readonly FetchProblem[];
  /** Why the run ended before everything was tried; `null` when it did not. The next call goes on with it. */
  readonly stopped: RunSummary["stopped"];
}

/**
 * Fetch models, images and whole creators into a library, with the words for targets, the engine and the defaults of the
 * command `download`. It shares catalog, failsafe, links and counts of the day with the command; it reads no
 * configuration and no key, asks nobody, and writes no logs.
 *
 * @param folder The library; it is made if it is not there
 * @param targets A model's id, or a word that `download` takes, such as `user:NAME` or a Civitai URL
 * @param options Key, choice, observers
 * @returns How everything ended; what failed is named and does not throw
 * @throws {KitError} `usage` without targets, or for a word that means nothing; `unsafe` for a library that another run
 *   holds; `auth` for a wrong key and `network` without a network, if nothing was fetched
 * @throws The signal's reason, if it stops the run
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
  const { token, baseUrl = "https://civitai.com", env = systemEnv } = options;
  const { reserveBytes = RESERVE_BYTES, signal = new AbortController().signal } = options;
  signal.throwIfAborted();
  if (targets.length === 0) throw new KitError("usage", "Cannot fetch models: no target is given");
  const url = URL.parse(baseUrl);
  const hosts = url === null ? [] : [url.host];
  const words = targets.map((target) => parseTarget(String(target), { hosts }));
  const isSwitchedOff = env("CIVITAI_DL_DISABLE_EXPERIMENTAL") === "1";
  const profile = isSwitchedOff ? PROFILES.stable : options.profile ?? PROFILES.turbo;
  const onEvent = observerOf(options);
  const onWarning = (message: string): void => onEvent({ type: "warning", message });
  using library = await openLibrary(folder, { command: "download", signal });
  const choice = chosen(library, options, onWarning);
  await using quota = await openDayQuota(library, { onWarning });
  await using failsafe = await openLibraryFailsafe(library, {
    profile,
    apiHosts: new Set(["civitai.red", ...hosts]),
    timeoutMs: TIMEOUT_MS,
    patienceMs: RETRY_POLICY.patienceMs,
    onEvent,
    onWarning,
  });
  const isLocal = isLoopback(url?.hostname ?? "");
  if (token === undefined && !isLocal) onWarning("without an API key Civitai refuses every download");
  // Nobody has to be spared on this machine.
  const pace = isLocal ? { modelRate: 0, imageRate: 0, downloadRate: 0 } : {};
  using engine = openEngine({
    library,
    profile,
    failsafe,
    quota,
    env,
    onEvent,
    client: { baseUrl, token, timeoutMs: TIMEOUT_MS, ...pace },
  });
  const result = await download({
    ...engine,
    targets: words,
    choice,
    command: "download",
    reserveBytes,
    approve() {
      rememberLayout(library.catalog, choice);
      return Promise.resolve(true);
    },
    signal,
  });
  const { outcomes, stopped } = result.run!;
  if (stopped !== null) signal.throwIfAborted();
  if (stopped !== null && Object.keys(outcomes).length === 0) {
    throw new KitError(stopped.code, stopped.message, stopped.hint === null ? {} : { hint: stopped.hint });
  }
  return { outcomes: result.counts, problems: problemsOf(result), stopped };
}

/** Tells how far it is some times a second, and at each step. */
function observerOf({ onProgress, onEvent = () => {} }: FetchModelsOptions): (event: DownloadEvent) => void {
  if (onProgress === undefined) return onEvent;
  const progress = new Progress();
  let toldAt = -Infinity;
  return (event) => {
    progress.see(event);
    onEvent(event);
    const now = performance.now();
    if (event.type === "bytes" && now - toldAt < PROGRESS_MS) return;
    toldAt = now;
    onProgress({ summary: progress.summary(), fraction: progress.fraction() });
  };
}

/** A layout that is asked for counts for more than the one that the library has. */
function chosen(library: Library, options: FetchModelsOptions, onWarning: (message: string) => void): Choice {
  const { layout, template } = options.choice ?? {};
  const isAsked = layout !== undefined || template !== undefined;
  const asked = isAsked ? { layout: layout ?? DEFAULT_CHOICE.layout, template: template ?? null } : null;
  const { notice, ...settled } = settleLayout(library.catalog, asked);
  if (notice !== null) onWarning(notice);
  const versions = options.latestOnly === true ? "latest" : DEFAULT_CHOICE.versions;
  return { ...DEFAULT_CHOICE, versions, ...options.choice, ...settled };
}

function problemsOf({ plan, run, refused }: DownloadResult): readonly FetchProblem[] {
  const problems: FetchProblem[] = [...plan.problems, ...refused].map(({ target, message }) => ({ target, message }));
  if (plan.nothing !== null) problems.push({ target: "all targets", message: plan.nothing });
  for (const { target, name, reason } of plan.unreadable.entries) {
    problems.push({ target, message: `Cannot read ${name}: ${reason}` });
  }
  for (const { path, message } of run!.failed) problems.push({ target: path, message });
  return problems;
}
