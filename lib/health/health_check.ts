import type { Bilingual, Clock, DayLimits, Env } from "../base/mod.ts";
import type { ClientOptions } from "../civitai/mod.ts";
import type { GoneLibrary } from "../library/mod.ts";
import { isProblemId, type ProblemId, PROBLEMS } from "../problems/mod.ts";
import type { ApiProbe } from "./api_probe.ts";

/** Verdict of a check. `skipped` says that nothing could be judged, which is neither good nor bad. */
export type HealthStatus = "ok" | "warn" | "fail" | "skipped";

/** What a check found. The runner adds the words of the table of problems, and the place that commands have to name. */
export interface HealthFinding {
  /** The verdict. */
  readonly status: HealthStatus;
  /** The problem that was found; `null` if nothing is wrong, or it has no entry in the table of problems. */
  readonly problem: ProblemId | null;
  /** What was measured, in one line for people. */
  readonly measured: Bilingual;
  /** The figures behind it, for programs. */
  readonly figures: Readonly<Record<string, HealthFigure>>;
  /** Values of the case in the words of the table, such as HOST. */
  readonly values: Readonly<Record<string, string>>;
  /** The very next command; absent for that of the table, `null` if no command helps. */
  readonly next?: string | null;
  /** The command after that; absent for that of the table, `null` if the first one is enough. */
  readonly then?: string | null;
  /** What to do, of a case that the table does not have, in one sentence without a period. */
  readonly advice?: Bilingual;
}

/** What a Japanese reader gets in place of the English words of a finding. */
export interface JapaneseWords {
  /** What the check is about. */
  readonly name: string;
  /** What was measured. */
  readonly measured: string;
  /** The advice, without a full stop at its end; `null` without one. */
  readonly advice: string | null;
}

/** A finding of a check, in words and whole commands. */
export interface HealthRow extends Pick<HealthFinding, "status" | "problem" | "figures"> {
  /** Name of the check. */
  readonly name: string;
  /** What was measured, in one line for people. */
  readonly measured: string;
  /** The very next command, whole, to copy; `null` if no command helps. */
  readonly remedy: string | null;
  /** The command after that, once the trouble is out of the way; `null` if the first one is enough. */
  readonly afterwards: string | null;
  /** What to do between the two, or instead, in one sentence without a period; `null` if the commands say it. */
  readonly advice: string | null;
  /** The same for a Japanese reader. */
  readonly ja: JapaneseWords;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
}

/** A figure of a finding. Times are ISO 8601 UTC, sizes bytes, durations milliseconds. */
export type HealthFigure = string | number | boolean | null | readonly string[];

/** The API key that downloads would use. */
export interface HealthKey {
  /** Whether there is one. */
  readonly isPresent: boolean;
  /** Where it comes from, such as `CIVITAI_API_KEY` or a file; `null` if that is not known. */
  readonly origin: string | null;
  /** Why the place of the key cannot be read; `null` if it can. */
  readonly problem: string | null;
  /** Files that may hold a key, so that only their owner may read them. */
  readonly files: readonly string[];
}

/** What is wrong with a configuration file. */
export interface HealthConfigProblem {
  readonly message: string;
  /** Where its first mistake is, from 1; `null` if that is not known. */
  readonly place: { readonly line: number; readonly column: number } | null;
}

/** The configuration file that commands would read. */
export interface HealthConfig {
  /** Path of the file. */
  readonly path: string;
  /** `null` if nothing is wrong with it. */
  readonly problem: HealthConfigProblem | null;
}

/** The installation that is checked, and how much of the world a check may use. */
export interface HealthPlace {
  /** The library's folder, absolute; it need not exist. */
  readonly library: string;
  /** The library that was there and is not; `null` if none is missing. */
  readonly gone: GoneLibrary | null;
  /** The log folder, absolute; it need not exist. */
  readonly logs: string;
  /** The API key, without its value. */
  readonly key: HealthKey;
  /** The configuration file; `null` if there is none. */
  readonly config: HealthConfig | null;
  /** How the API is reached. */
  readonly client: ClientOptions & { readonly baseUrl: string };
  /** Limits of `--quota`; if it has none, those of the last run count. */
  readonly limits: DayLimits;
  /** Disk space that downloads keep free, in bytes. */
  readonly reserveBytes: number;
  /** Memory, in MiB, from which a run uses much: that of the alert rules; absent for the one of the built-in rules. */
  readonly memoryLimitMebibytes?: number | undefined;
  /** Whether the API is a sandbox that runs for these checks only. */
  readonly isSandbox: boolean;
  /** Whether no check may use the network. */
  readonly isOffline: boolean;
  /** What the API answered. The request is made once, when the first check asks. */
  readonly api: () => Promise<ApiProbe>;
  /** Source of time. */
  readonly clock: Clock;
  /** Reads the environment, for proxies. */
  readonly env: Env;
  /** Stops the checks. */
  readonly signal: AbortSignal;
}

/**
 * What a check needs, which decides whether it may run again and again while nobody waits for it:
 *
 * - `state`: small files and facts that a monitor reads anyway
 * - `network`: requests
 * - `catalog`: the catalog, which makes files beside it when it is opened
 * - `logs`: an hour or a day of logs, whose trouble is over or has been told
 * - `disk`: a file that is written
 * - `processor`: all of a processor for a moment
 */
export type HealthTouch = "state" | "network" | "catalog" | "logs" | "disk" | "processor";

/** One check as data. */
export interface HealthCheck {
  /** Name for `--only`, kebab-case. */
  readonly name: string;
  /** The name for a Japanese reader. */
  readonly ja: string;
  /** What it needs. */
  readonly touches: HealthTouch;
  /** The problem that it looks for, if it is one. */
  readonly problem?: ProblemId | undefined;
  /** Measure and judge. Never changes anything but a probe file that it removes. */
  run(place: HealthPlace): Promise<HealthFinding>;
}

/** The parts of a check: a thin function that measures, and a pure one that judges. */
export interface HealthCheckParts<Facts> extends Omit<HealthCheck, "run"> {
  readonly measure: (place: HealthPlace) => Promise<Facts>;
  readonly judge: (facts: Facts, place: HealthPlace) => HealthFinding;
}

/** Join the parts of a check. */
export function defineCheck<Facts>({ measure, judge, ...rest }: HealthCheckParts<Facts>): HealthCheck {
  return { ...rest, run: async (place) => judge(await measure(place), place) };
}

/** What a check says that needs a state file which cannot be read: the check "state" says more. */
export const UNREADABLE_STATE: Bilingual = {
  en: "its state cannot be read: see state",
  ja: "状態ファイルを読み取れません。項目 state を確認してください",
};

/** What a finding may say besides its verdict and what was measured. */
export type FindingParts = Partial<Omit<HealthFinding, "problem" | "measured">>;

/**
 * Build a finding. The verdict is a status, or a problem of the table, which is as urgent here as everywhere: a critical
 * one fails, another one warns.
 */
export function finding(
  verdict: HealthStatus | ProblemId,
  measured: Bilingual,
  parts: FindingParts = {},
): HealthFinding {
  return { figures: {}, values: {}, ...judge(verdict), measured, ...parts };
}

function judge(verdict: HealthStatus | ProblemId): Pick<HealthFinding, "status" | "problem"> {
  if (!isProblemId(verdict)) return { status: verdict, problem: null };
  return { status: PROBLEMS[verdict].severity === "critical" ? "fail" : "warn", problem: verdict };
}
