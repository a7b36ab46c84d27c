/**
 * Nights in which a host becomes slow, with the program and a monitor as processes of their own: the storage sends
 * 8 KiB/s instead of 900 on each connection; the API takes 6 s to answer; the storage refuses all requests (503) for a
 * minute. A warm-up before each makes the library know what is usual.
 *
 * Bounds: 30 s from the fault to the headline; 60 s from the repair to all clear, to the speed of before (80 % of it) and
 * to all four connections. Nothing is called slow before the fault.
 * Takes about twelve minutes: `deno run -q -P=acceptance tests/acceptance/nights/slow_host.ts [--only storage]`
 *
 * @module
 */
import { join } from "node:path";
import { systemClock } from "../../../lib/base/mod.ts";
import type { StatusDocument } from "../../../lib/monitor/mod.ts";
import { findingsOf } from "../../../lib/status/headline.ts";
import { type CatalogOptions, type Sandbox, startSandbox } from "../../../lib/sandbox/mod.ts";
import { type Bound, reportFigures } from "../../helpers/report_figures.ts";
import { firstCreatorOf } from "../_follow_program.ts";
import { ONE_FILE_EACH } from "../_one_file_each.ts";
import { tellProgress } from "../_flag.ts";
import { SlowPort } from "./_slow_port.ts";

const ROOT = join(import.meta.dirname!, "../../..");
const KIB = 1024;
const MIB = 1024 * KIB;
const USUAL_SPEED = 900 * KIB;
const WARM_UP_MS = 100_000;
const FAULT_MS = 60_000;
const REPAIRED_MS = 90_000;

/** What may be broken. */
interface Place {
  readonly sandbox: Sandbox;
  readonly port: SlowPort;
}

interface Story {
  readonly name: string;
  readonly catalog: CatalogOptions;
  readonly begin: (place: Place) => void;
  readonly end: (place: Place) => void;
  /** Whether the fault makes a host slow, and not refuse. */
  readonly isSlow: boolean;
}

/** Latency of the API on a good day, in milliseconds. */
const USUAL_LATENCY = { type: "latency", ms: 250, on: ["api", "download"] } as const;

const LARGE: CatalogOptions = {
  size: { creators: 1, modelsPerCreator: 40 },
  fileSizes: Array(40).fill(24 * MIB),
};

const STORIES: readonly Story[] = [
  {
    name: "storage",
    catalog: LARGE,
    begin: ({ port }) => port.bytesPerSecond = 8 * KIB,
    end: ({ port }) => port.bytesPerSecond = USUAL_SPEED,
    isSlow: true,
  },
  {
    name: "api",
    catalog: { size: { creators: 1, modelsPerCreator: 6000 } },
    begin: ({ sandbox }) => sandbox.setToxics([{ ...USUAL_LATENCY, ms: 6000 }]),
    end: ({ sandbox }) => sandbox.setToxics([USUAL_LATENCY]),
    isSlow: true,
  },
  {
    name: "503",
    catalog: LARGE,
    begin({ sandbox, port }) {
      sandbox.setToxics([USUAL_LATENCY, { type: "serverError", status: 503, on: ["storage"] }]);
      port.cut();
    },
    end: ({ sandbox }) => sandbox.setToxics([USUAL_LATENCY]),
    isSlow: false,
  },
];

/** Seconds until something was so; `null` if it never was. */
type Seconds = number | null;

interface Figures {
  /** Seconds of the warm-up in which something was called slow. */
  readonly falseSlow: number;
  readonly headline: string | null;
  readonly toHeadline: Seconds;
  readonly lowestLimit: number;
  readonly toClear: Seconds;
  /** What the headline was about after the repair, each with the second in which it began. */
  readonly headlines: readonly string[];
  readonly toFullSpeed: Seconds;
  readonly toFullLimit: Seconds;
  readonly troublesAtEnd: readonly string[];
  readonly speedBefore: string;
}

/** The program as a process of its own. */
function start(folder: string, words: readonly string[], token: string): Deno.ChildProcess {
  const args = ["run", "-q", "--no-prompt", "--config", join(ROOT, "deno.json"), "-A", join(ROOT, "cli.ts"), ...words];
  const env = { CIVITAI_API_KEY: token, NO_COLOR: "1" };
  return new Deno.Command(Deno.execPath(), { cwd: folder, args, env, stdout: "null", stderr: "null" }).spawn();
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Beginning of an event with a whole document. */
const STATUS = 'data: {"schema":"civitai-dl/status"';

/** Follow the documents that the page receives, each second. */
async function follow(url: string, signal: AbortSignal, see: (status: StatusDocument) => void): Promise<void> {
  while (!signal.aborted) {
    try {
      const response = await fetch(`${url}/api/v1/events`, { signal });
      let rest = "";
      for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
        const parts = (rest + text).split("\n");
        rest = parts.pop()!;
        for (const line of parts) if (line.startsWith(STATUS)) see(JSON.parse(line.slice("data: ".length)));
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof TypeError)) throw error;
      await systemClock.sleep(200);
    }
  }
}

async function play(story: Story): Promise<Figures> {
  const folder = await Deno.makeTempDir({ prefix: "civitai-dl-slow-" });
  await using port = new SlowPort(USUAL_SPEED);
  await using sandbox = await startSandbox({ ...ONE_FILE_EACH, ...story.catalog, storageOrigin: port.origin });
  port.leadTo(Number(new URL(sandbox.imageOrigin).port));
  sandbox.setToxics([USUAL_LATENCY]);
  const place = { sandbox, port };
  const target = ["--base-url", sandbox.apiOrigin, "--user", firstCreatorOf(sandbox), "-o", "library"];
  const flags = ["--yes", "--no-images", "--no-fsync", "--reserve", "0", "--quiet"];
  const run = start(folder, ["download", ...target, ...flags], sandbox.token);
  const pagePort = freePort();
  const words = ["monitor", "--library", "library", "--listen", `127.0.0.1:${pagePort}`, "--interval", "1s"];
  const monitor = start(folder, words, sandbox.token);
  const stop = new AbortController();
  const seen: { readonly at: number; readonly status: StatusDocument }[] = [];
  const following = follow(`http://127.0.0.1:${pagePort}`, stop.signal, (status) => {
    seen.push({ at: performance.now(), status });
  });
  try {
    while (!seen.some(({ status }) => status.throughput.bytesPerSecond > 0)) await systemClock.sleep(200);
    tellProgress(`${story.name}: bytes arrive`);
    await systemClock.sleep(WARM_UP_MS);
    const faultAt = performance.now();
    tellProgress(`${story.name}: the fault begins`);
    story.begin(place);
    await systemClock.sleep(FAULT_MS);
    const repairAt = performance.now();
    tellProgress(`${story.name}: repaired`);
    story.end(place);
    await systemClock.sleep(REPAIRED_MS);
    return measure(seen, { faultAt, repairAt });
  } finally {
    stop.abort();
    for (const child of [run, monitor]) child.kill("SIGINT");
    await Promise.all([run.status, monitor.status, following]);
    await Deno.remove(folder, { recursive: true });
  }
}

function measure(
  seen: readonly { readonly at: number; readonly status: StatusDocument }[],
  { faultAt, repairAt }: { readonly faultAt: number; readonly repairAt: number },
): Figures {
  const slowIn = (status: StatusDocument) =>
    findingsOf(status, Date.parse(status.time)).find((finding) => finding.kind === "slow");
  const before = seen.filter(({ at }) => at < faultAt);
  const during = seen.filter(({ at }) => at >= faultAt && at < repairAt);
  const after = seen.filter(({ at }) => at >= repairAt);
  const speeds = before.slice(-30).map(({ status }) => status.throughput.bytesPerSecond).toSorted((a, b) => a - b);
  const usual = speeds[speeds.length >> 1] ?? 0;
  const limits = (status: StatusDocument) => status.hosts.map(({ limit }) => limit);
  const troubles = (status: StatusDocument): readonly string[] =>
    findingsOf(status, Date.parse(status.time)).filter(({ tone }: { tone: string }) =>
      tone === "bad" || tone === "warn"
    )
      .map(({ kind }: { kind: string }) => kind);
  const isWell = (status: StatusDocument) => troubles(status).length === 0;
  const first = (all: typeof seen, from: number, isSo: (status: StatusDocument) => boolean): Seconds => {
    const found = all.find(({ status }) => isSo(status));
    return found === undefined ? null : Math.round((found.at - from) / 100) / 10;
  };
  const shown = during.map(({ status }) => slowIn(status)).find((finding) => finding !== undefined);
  return {
    falseSlow: before.filter(({ status }) => slowIn(status) !== undefined).length,
    headline: shown === undefined ? null : `${shown.host}: 1/${Math.round(1 / shown.ratio)}`,
    toHeadline: first(during, faultAt, (status) => slowIn(status) !== undefined),
    lowestLimit: Math.min(...[...during, ...after].flatMap(({ status }) => limits(status).map(({ value }) => value))),
    toClear: first(after, repairAt, isWell),
    headlines: changesOf(after.map(({ at, status }) => ({ at: at - repairAt, kind: headlineOf(status) }))),
    toFullSpeed: first(after, repairAt, (status) => status.throughput.bytesPerSecond >= 0.8 * usual),
    toFullLimit: first(after, repairAt, (status) => limits(status).every(({ value, ceiling }) => value === ceiling)),
    troublesAtEnd: after.length === 0 ? [] : troubles(after.at(-1)!.status),
    speedBefore: `${Math.round(usual / KIB)} KiB/s`,
  };
}

/** What the headline is about. */
function headlineOf(status: StatusDocument): string {
  return findingsOf(status, Date.parse(status.time))[0]!.kind;
}

function changesOf(shown: readonly { readonly at: number; readonly kind: string }[]): readonly string[] {
  return shown.filter(({ kind }, index) => kind !== shown[index - 1]?.kind)
    .map(({ at, kind }) => `${Math.round(at / 1000)} s: ${kind}`);
}

function isWithin(seconds: Seconds, bound: number): boolean {
  return seconds !== null && seconds <= bound;
}

if (import.meta.main) {
  const index = Deno.args.indexOf("--only");
  const only = index < 0 ? undefined : Deno.args[index + 1];
  const figures: Record<string, Figures> = {};
  const bounds: Bound[] = [];
  for (const story of STORIES.filter(({ name }) => only === undefined || name === only)) {
    const { name, isSlow } = story;
    const found = figures[name] = await play(story);
    bounds.push(
      { name: `${name}: nothing is called slow before the fault`, isMet: found.falseSlow === 0 },
      { name: `${name}: headline within 30 s`, isMet: !isSlow || isWithin(found.toHeadline, 30) },
      { name: `${name}: all clear within 60 s`, isMet: isWithin(found.toClear, 60) },
      { name: `${name}: full speed within 60 s`, isMet: isWithin(found.toFullSpeed, 60) },
      { name: `${name}: all connections within 60 s`, isMet: isWithin(found.toFullLimit, 60) },
    );
  }
  reportFigures(figures, bounds);
}
