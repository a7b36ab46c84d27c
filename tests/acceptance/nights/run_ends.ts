/**
 * Nights in which a run ends badly under a running monitor with an open page, its shipped rules and intervals: the API
 * hangs from the start of a download, or in the middle of it, and it gives up with 6; a download is killed with SIGKILL.
 * After each, the same command succeeds, once the failsafe was reset as the run's hint says.
 *
 * Bounds, in seconds: from the fault to the headline 30, to the alert of the outage 120; from the end of the run to the
 * headline that names it 30, to its alert 120; from the end of the good run to a headline without trouble 60, to the
 * resolved alert 60. One outage is one alert: if nothing arrives in the middle of a run, that is told, and not the end of
 * the run too.
 * Takes about ten minutes: `deno run -q -P=acceptance tests/acceptance/nights/run_ends.ts [--only api|middle|killed]`
 *
 * @module
 */
import { join } from "node:path";
import { systemClock } from "../../../lib/base/mod.ts";
import { findingsOf, isAllWell } from "../../../lib/status/headline.ts";
import { type Sandbox, startSandbox } from "../../../lib/sandbox/mod.ts";
import { PLAIN } from "../../helpers/library/download_bench.ts";
import { type Bound, reportFigures } from "../../helpers/report_figures.ts";
import { type RunningProgram, startProgram } from "../../helpers/start_program.ts";
import { watchLibrary } from "../../helpers/watched_library.ts";
import { tellProgress } from "../_flag.ts";

const LIMIT_SECONDS = 240;

interface Story {
  readonly name: string;
  /** Whether the fault is there before the run begins, and not in the middle of it. */
  readonly isFromStart: boolean;
  /** Break the run, which then ends by itself. */
  readonly fault: (sandbox: Sandbox, run: RunningProgram) => void;
  /** The headline during the fault, before the run has ended; absent if the fault ends it at once. */
  readonly during?: RegExp;
  readonly exitCode: number;
  /** The headline after the end. */
  readonly ended: RegExp;
  /** The only alert. */
  readonly alert: string;
}

function silenceApi(sandbox: Sandbox): void {
  sandbox.setToxics([{ type: "silence", on: ["api", "download"] }]);
}

const STORIES: readonly Story[] = [
  {
    name: "api",
    isFromStart: true,
    fault: silenceApi,
    during: /^No byte has arrived from 127\.0\.0\.1:\d+ since .*: the listing waits$/,
    exitCode: 6,
    ended: /^The last run \(download\) ended with exit 6: /,
    alert: "RunFailed",
  },
  {
    name: "middle",
    isFromStart: false,
    fault: silenceApi,
    during: /^No byte has arrived from 127\.0\.0\.1:\d+ since /,
    exitCode: 6,
    ended: /^Downloads are paused: no byte has arrived for /,
    alert: "NoProgress",
  },
  {
    name: "killed",
    isFromStart: false,
    fault: (_, run) => run.kill("SIGKILL"),
    exitCode: 137,
    ended: /^The last run \(download\) was killed/,
    alert: "RunFailed",
  },
];

/** Seconds until something was so; `null` if it never was. */
type Seconds = number | null;

interface Figures {
  readonly toHeadline: Seconds;
  readonly toEnd: number;
  readonly exitCode: number;
  /** From the end of the run. */
  readonly toEndHeadline: Seconds;
  /** From the fault if it is told while the run is under way, otherwise from the end of the run. */
  readonly toAlert: Seconds;
  readonly headline: string;
  /** These two from the end of the good run. */
  readonly toClear: Seconds;
  readonly toAlertClear: Seconds;
  readonly clearHeadline: string;
  readonly notices: readonly string[];
}

async function play({ name, isFromStart, fault, during, ended, alert }: Story): Promise<Figures> {
  await using cleanup = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "civitai-dl-run-ends-" });
  cleanup.defer(() => Deno.remove(folder, { recursive: true }));
  const slow = { type: "bandwidth", bytesPerSecond: 100_000, on: ["storage"] } as const;
  await using sandbox = await startSandbox({
    ...PLAIN,
    // More than arrive until the monitor, which looks every half minute, has seen the first: the fault comes in between.
    size: { creators: 1, modelsPerCreator: 150 },
    fileBytes: { min: 300_000, max: 400_000 },
    toxics: [slow],
  });
  const { token, apiOrigin, storageOrigin } = sandbox;
  const models = [...sandbox.catalog.models()].flatMap((model) => ["--model", String(model.id)]);
  const words = ["download", ...models, "--yes", "--no-images", "--reserve", "0", "-o", "library"];
  const place = {
    folder,
    origins: [apiOrigin, storageOrigin],
    env: { CIVITAI_API_KEY: token, XDG_STATE_HOME: join(folder, "state") },
  };
  const start = (): RunningProgram => startProgram([...words, "--base-url", apiOrigin, "--patience", "40s"], place);
  await using watched = await watchLibrary(folder, { interval: "30s" });
  const secondsUntil = (isTrue: () => Promise<boolean>): Promise<Seconds> =>
    watched.secondsUntil(isTrue, LIMIT_SECONDS).then((seconds) => Math.round(seconds * 10) / 10, () => null);
  const says = (pattern: RegExp) => async (): Promise<boolean> => pattern.test(await watched.headline());
  const hasNotice = (notice: string) => async (): Promise<boolean> => (await readNotices(folder)).includes(notice);

  const run = start();
  if (!isFromStart) await secondsUntil(async () => ((await watched.status()).library?.byState.done ?? 0) >= 4);
  tellProgress(`${name}: the fault begins`);
  const faultAt = performance.now();
  fault(sandbox, run);
  const [toHeadline, toOutage, { code, endedAt }] = await Promise.all([
    during === undefined ? null : secondsUntil(says(during)),
    alert === "NoProgress" ? secondsUntil(hasNotice(`firing ${alert}`)) : null,
    run.ended.then(({ code }) => ({ code, endedAt: performance.now() })),
  ]);
  tellProgress(`${name}: the run ended with ${code}`);
  const [toEndHeadline, toEndAlert] = await Promise.all([
    secondsUntil(says(ended)),
    secondsUntil(hasNotice(`firing ${alert}`)),
  ]);
  const headline = await watched.headline();
  sandbox.setToxics([]);
  // As the hint of the run says: the failsafe may have paused it.
  await startProgram(["failsafe", "--library", "library", "reset"], place).ended;
  const good = await start().ended;
  if (good.code !== 0) throw new Error(`The good run ended with ${good.code}: ${good.stderr}`);
  tellProgress(`${name}: the good run ended`);
  const [toClear, toAlertClear] = await Promise.all([
    secondsUntil(async () => isAllWell(findingsOf(await watched.status(), systemClock.now()))),
    secondsUntil(hasNotice(`resolved ${alert}`)),
  ]);
  return {
    toHeadline,
    toEnd: Math.round((endedAt - faultAt) / 100) / 10,
    exitCode: code,
    toEndHeadline,
    toAlert: toOutage ?? toEndAlert,
    headline,
    toClear,
    toAlertClear,
    clearHeadline: await watched.headline(),
    notices: await readNotices(folder),
  };
}

interface Notice {
  readonly alerts: readonly { readonly status: string; readonly labels: { readonly alertname: string } }[];
}

/** The delivered notifications, each as its state and the name of its rule. */
async function readNotices(folder: string): Promise<readonly string[]> {
  const text = await Deno.readTextFile(join(folder, "logs", "alerts.jsonl")).catch(() => "");
  const notices: readonly Notice[] = text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
  return notices.flatMap(({ alerts }) => alerts.map(({ status, labels }) => `${status} ${labels.alertname}`));
}

function boundsOf({ name, during, exitCode, alert }: Story, found: Figures): readonly Bound[] {
  const within = (seconds: Seconds, most: number): boolean => seconds !== null && seconds <= most;
  return [
    { name: `${name}: headline within 30 s of the fault`, isMet: during === undefined || within(found.toHeadline, 30) },
    { name: `${name}: exit ${exitCode}`, isMet: found.exitCode === exitCode },
    { name: `${name}: headline within 30 s of the end`, isMet: within(found.toEndHeadline, 30) },
    { name: `${name}: alert within 120 s`, isMet: within(found.toAlert, 120) },
    { name: `${name}: headline clear within 60 s`, isMet: within(found.toClear, 60) },
    { name: `${name}: one alert`, isMet: found.notices.join() === `firing ${alert},resolved ${alert}` },
    { name: `${name}: alert resolved within 60 s`, isMet: within(found.toAlertClear, 60) },
  ];
}

if (import.meta.main) {
  const index = Deno.args.indexOf("--only");
  const only = index < 0 ? undefined : Deno.args[index + 1];
  const figures: Record<string, Figures> = {};
  const bounds: Bound[] = [];
  for (const story of STORIES.filter(({ name }) => only === undefined || name === only)) {
    const found = figures[story.name] = await play(story);
    bounds.push(...boundsOf(story, found));
  }
  reportFigures(figures, bounds);
}
