import { inBoth, KitError, messageOf, sayDuration, shell, systemFault, VERSION } from "../base/mod.ts";
import { type ApiProbe, probeApi } from "./api_probe.ts";
import { findCause } from "./find_cause.ts";
import { fileInTheWay, findFileInTheWay } from "./file_in_the_way.ts";
import {
  finding,
  type HealthCheck,
  type HealthFinding,
  type HealthPlace,
  type HealthRow,
  type HealthStatus,
} from "./health_check.ts";
import { HEALTH_CHECKS } from "./health_checks.ts";
import { type ProblemId, PROBLEMS } from "../problems/mod.ts";
import { settleRuns } from "./settle_runs.ts";

/** The findings of all checks that ran. */
export interface HealthReport {
  /** When it was made, ISO 8601 UTC. */
  readonly time: string;
  /** Version of the program. */
  readonly programVersion: string;
  /** The worst status: `fail`, `warn`, `ok`; `skipped` if nothing could be judged. */
  readonly status: HealthStatus;
  /** What to mend first: the finding that explains most of the others; `null` if nothing is wrong. */
  readonly cause: HealthRow | null;
  /** One row for each check, in the order of the table. */
  readonly checks: readonly HealthRow[];
}

/** Options of {@linkcode runHealthChecks}. */
export interface RunHealthChecksOptions {
  /**
   * The checks to run.
   *
   * @default {HEALTH_CHECKS}
   */
  readonly checks?: readonly HealthCheck[] | undefined;
  /**
   * Longest time of one check, in milliseconds. One that takes longer has failed, and the others go on.
   *
   * @default {30000}
   */
  readonly limitMs?: number | undefined;
}

/**
 * Run checks one after another. A check that throws has failed; it never prevents the others.
 *
 * @param place The installation, without the shared request to the API
 * @param options Which checks, and their time limit
 * @returns The report
 */
export async function runHealthChecks(
  place: Omit<HealthPlace, "api">,
  options: RunHealthChecksOptions = {},
): Promise<HealthReport> {
  const { checks = HEALTH_CHECKS, limitMs = 30_000 } = options;
  let asked: Promise<ApiProbe> | undefined;
  const whole: HealthPlace = { ...place, api: () => asked ??= probeApi(place) };
  const rows: HealthRow[] = [];
  for (const check of checks) {
    place.signal.throwIfAborted();
    const start = performance.now();
    const found = await runOne(check, whole, limitMs);
    place.signal.throwIfAborted();
    rows.push(say(found, { check, durationMs: Math.round(performance.now() - start) }));
  }
  const settled = settleRuns(rows);
  const time = new Date(place.clock.now()).toISOString();
  return { time, programVersion: VERSION, status: worstStatus(settled), cause: findCause(settled), checks: settled };
}

/** Find the worst status; what was skipped does not count unless everything was. */
export function worstStatus(rows: readonly Pick<HealthFinding, "status">[]): HealthStatus {
  const order: readonly HealthStatus[] = ["fail", "warn", "ok"];
  return order.find((status) => rows.some((row) => row.status === status)) ?? "skipped";
}

/** Put a finding into words: those of the check, else those of the table of problems, with the values of the case. */
function say(
  found: HealthFinding,
  { check, durationMs }: { readonly check: HealthCheck; readonly durationMs: number },
): HealthRow {
  const { status, problem, measured, figures, values } = found;
  const known = problem === null ? null : PROBLEMS[problem];
  const { next = known === null ? null : nextOf(problem!), then = known?.then ?? null } = found;
  const advice = found.advice ?? (known === null ? null : inBoth((language) => known[language].remedy));
  const fill = (text: string | null): string | null => text === null ? null : fillIn(text, values);
  return {
    name: check.name,
    status,
    problem,
    measured: measured.en,
    remedy: fill(next),
    afterwards: fill(then),
    advice: fill(advice?.en ?? null),
    ja: { name: check.ja, measured: measured.ja, advice: fill(advice?.ja ?? null) },
    figures,
    durationMs,
  };
}

/** The command of the table; to whoever has run all checks, it shows the page where the table says to run them. */
function nextOf(problem: ProblemId): string {
  const { next } = PROBLEMS[problem];
  return next === "civitai-dl doctor" || next.includes("LINE") ? shell`civitai-dl doctor ${problem}` : next;
}

/** Put the values of a case into a text, which has their names in capital letters. */
function fillIn(text: string, values: HealthFinding["values"]): string {
  return text.replaceAll(/\b[A-Z]{3,}\b/g, (name) => values[name] ?? name);
}

async function runOne(check: HealthCheck, place: HealthPlace, limitMs: number): Promise<HealthFinding> {
  const { promise: cut, resolve, reject } = Promise.withResolvers<HealthFinding>();
  const limit = sayDuration(limitMs);
  const state = { en: `no result within ${limit.en}`, ja: `${limit.ja}以内に結果が得られませんでした` };
  const timer = setTimeout(() => resolve(finding("fail", state, { next: runAgain(check) })), limitMs);
  const onAbort = (): void => reject(place.signal.reason);
  place.signal.addEventListener("abort", onAbort);
  // Ends what the check still does when it is late.
  const end = new AbortController();
  try {
    return await Promise.race([
      check.run({ ...place, signal: AbortSignal.any([place.signal, end.signal]) }),
      cut,
    ]);
  } catch (error) {
    return await explainThrown(error, check, place);
  } finally {
    clearTimeout(timer);
    place.signal.removeEventListener("abort", onAbort);
    end.abort();
  }
}

function runAgain({ name }: HealthCheck): string {
  return shell`civitai-dl doctor --only ${name} --verbose`;
}

/** Judge what a check threw. Permissions have a check that says how to mend them; hints say what is wrong with a flag. */
async function explainThrown(error: unknown, check: HealthCheck, place: HealthPlace): Promise<HealthFinding> {
  const message = messageOf(error);
  if (error instanceof Deno.errors.PermissionDenied) {
    const path = /: \w+ '(.+)'$/.exec(message)?.[1];
    const state = {
      en: `Cannot read ${path === undefined ? "a file" : `"${path}"`}: this user may not`,
      ja: `${path === undefined ? "ファイル" : `"${path}" `}を読み取れません。このユーザーには権限がありません`,
    };
    return finding("disk", state, { next: "civitai-dl doctor --only permissions" });
  }
  const inTheWay = systemFault(error) === "bad-path" ? await findFileInTheWay(place) : null;
  if (inTheWay !== null) return fileInTheWay(inTheWay);
  const hint = error instanceof KitError ? error.hint : undefined;
  // The message of an error is English.
  const state = { en: message, ja: `確認できませんでした（${message}）` };
  if (hint === undefined) return finding("fail", state, { next: runAgain(check) });
  const ja = `詳しくは ${runAgain(check)} で確認してください`;
  return finding("fail", state, { next: shell`civitai-dl doctor --only ${check.name}`, advice: { en: hint, ja } });
}
