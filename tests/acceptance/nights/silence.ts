/**
 * The night in which the storage accepts and says nothing: the program and its monitor as processes, a page that is
 * open, and a storage that falls silent for a while. Connections that it had accepted stay dead after the repair.
 *
 * Bounds, in seconds: from the fault to the headline 30, to the first step down 60, to the delivered alert 120; from the
 * first bytes to the all clear (headline, resolved alert) 60; from the repair to full speed, in connections and bytes,
 * 60. Two stories beside each other, one of a large file alone and one of many files; takes six minutes and 200 MB:
 * `deno run -q -P=acceptance tests/acceptance/nights/silence.ts [--silent-seconds 150]`
 *
 * @module
 */
import { join } from "node:path";
import type { DownloadEvent } from "../../../lib/downloader/mod.ts";
import type { StatusDocument } from "../../../lib/monitor/mod.ts";
import { findingsOf } from "../../../lib/status/headline.ts";
import { type CatalogOptions, startSandbox } from "../../../lib/sandbox/mod.ts";
import { type Bound, reportFigures } from "../../helpers/report_figures.ts";
import { numberFlag, tellProgress } from "../_flag.ts";
import { ONE_FILE_EACH } from "../_one_file_each.ts";
import { followProgram } from "../_follow_program.ts";
import { SilentPort } from "./_silent_port.ts";

const ROOT = join(import.meta.dirname!, "../../..");
/** Time with four connections before the fault, in milliseconds. */
const BEFORE_MS = 45_000;
/** Time after the repair, in milliseconds. */
const AFTER_MS = 150_000;
/** Bytes per second that the storage sends on one connection. */
const RATE = 100_000;
const SAMPLE_MS = 1000;

/** What happened when, in seconds after the fault or after the repair; `null` if it did not happen. */
interface Figures {
  readonly headline: number | null;
  readonly stepDown: number | null;
  readonly alert: number | null;
  /** From the repair. */
  readonly firstBytes: number | null;
  /** From the first bytes. */
  readonly headlineClear: number | null;
  readonly alertClear: number | null;
  /** From the repair: as many connections and bytes a second as before the fault. */
  readonly fullSpeed: number | null;
  readonly before: { readonly connections: number; readonly bytesPerSecond: number };
  readonly modes: readonly string[];
}

interface Sample {
  readonly at: number;
  readonly connections: number;
  readonly bytesPerSecond: number;
}

async function tell(name: string, catalog: CatalogOptions, silentMs: number): Promise<Figures> {
  const folder = await Deno.makeTempDir({ prefix: "civitai-dl-silence-" });
  await using port = new SilentPort();
  await using sandbox = await startSandbox({
    ...ONE_FILE_EACH,
    ...catalog,
    storageOrigin: port.origin,
    toxics: [{ type: "bandwidth", bytesPerSecond: RATE, on: ["storage"] }],
  });
  port.leadTo(Number(new URL(sandbox.imageOrigin).port));
  await using monitor = await startMonitor(folder);
  const start = performance.now();
  const modes: { readonly at: number; readonly from: string; readonly to: string; readonly reason: string }[] = [];
  const steady = Promise.withResolvers<void>();
  const see = (event: DownloadEvent): void => {
    if (event.type === "bytes") steady.resolve();
    if (event.type !== "mode") return;
    modes.push({ at: performance.now(), ...event });
    tellProgress(`${name}: ${seconds(start)} s: ${event.from} → ${event.to}: ${event.reason}`);
  };
  const stop = new AbortController();
  const running = followProgram({ sandbox, folder, extra: [], see, signal: stop.signal });
  const samples: Sample[] = [];
  let known = 0;
  const sampling = setInterval(() => {
    const bytes = port.bytes;
    samples.push({ at: performance.now(), connections: port.countBusy(3000), bytesPerSecond: bytes - known });
    known = bytes;
  }, SAMPLE_MS);
  try {
    await steady.promise;
    await wait(BEFORE_MS);
    const faultAt = performance.now();
    const before = usual(samples);
    tellProgress(`${name}: silent at ${seconds(start)} s, before ${JSON.stringify(before)}`);
    port.fallSilent();
    await wait(silentMs);
    port.repair();
    const repairedAt = performance.now();
    tellProgress(`${name}: repaired at ${seconds(start)} s`);
    await wait(AFTER_MS);
    const firstAt = samples.find(({ at, bytesPerSecond }) => at > repairedAt && bytesPerSecond > 0)?.at ?? null;
    const after = (from: number | null, at: number | null | undefined): number | null =>
      from === null || at === null || at === undefined ? null : Math.round((at - from) / 100) / 10;
    const alerts = await readNotices(folder);
    const seen = monitor.headlines.filter(({ at }) => at >= faultAt);
    const isClear = seen.findLast(({ isTrouble }) => isTrouble);
    const full = samples.findIndex(({ at }, index) =>
      at > repairedAt && isFull(samples.slice(index, index + 5), before)
    );
    return {
      headline: after(faultAt, seen.find(({ isTrouble }) => isTrouble)?.at),
      stepDown: after(faultAt, modes.find(({ at }) => at >= faultAt)?.at),
      alert: after(faultAt, alerts.find(({ status }) => status === "firing")?.at),
      firstBytes: after(repairedAt, firstAt),
      headlineClear: after(firstAt, isClear === undefined || isClear === seen.at(-1) ? null : isClear.at),
      alertClear: after(firstAt, alerts.find(({ status, at }) => status === "resolved" && at > repairedAt)?.at),
      fullSpeed: after(repairedAt, full === -1 ? null : samples[full]!.at),
      before,
      modes: modes.map(({ at, to }) => `${Math.round((at - faultAt) / 1000)} s: ${to}`),
    };
  } finally {
    clearInterval(sampling);
    stop.abort();
    await running;
    await Deno.remove(folder, { recursive: true });
  }
}

/** Whether samples show as many connections and bytes as before the fault, within a tenth. */
function isFull(samples: readonly Sample[], before: Figures["before"]): boolean {
  const { connections, bytesPerSecond } = usual(samples);
  return samples.length === 5 && connections >= before.connections && bytesPerSecond >= 0.9 * before.bytesPerSecond;
}

/** Median connections and mean bytes a second of the last ten samples. */
function usual(samples: readonly Sample[]): Figures["before"] {
  const last = samples.slice(-10);
  const connections = last.map((sample) => sample.connections).sort((a, b) => a - b)[Math.floor(last.length / 2)] ?? 0;
  const sum = last.reduce((total, { bytesPerSecond }) => total + bytesPerSecond, 0);
  return { connections, bytesPerSecond: Math.round(sum / Math.max(1, last.length)) };
}

interface Monitor extends AsyncDisposable {
  /** The worst finding of each state that the page received. */
  readonly headlines: readonly { readonly at: number; readonly kind: string; readonly isTrouble: boolean }[];
}

/** Start the monitor, and keep its page open. */
async function startMonitor(folder: string): Promise<Monitor> {
  const library = join(folder, "library");
  await Deno.mkdir(library, { recursive: true });
  const child = new Deno.Command(Deno.execPath(), {
    cwd: folder,
    args: [
      ...["run", "-q", "--no-prompt", "--config", join(ROOT, "deno.json"), "-A", join(ROOT, "scripts/monitor.ts")],
      ...["--listen", "127.0.0.1:0", "--library", "library", "--config", join(ROOT, "config/alerts.yml")],
    ],
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const address = Promise.withResolvers<string>();
  const reading = (async () => {
    let text = "";
    for await (const piece of child.stderr.pipeThrough(new TextDecoderStream())) {
      text += piece;
      const found = /page at (http:\S+)/.exec(text);
      if (found !== null) address.resolve(found[1]!);
    }
    address.reject(new Error(`The monitor ended: ${text}`));
  })();
  const response = await fetch(new URL("/api/v1/events", await address.promise));
  const headlines: { at: number; kind: string; isTrouble: boolean }[] = [];
  const following = (async () => {
    let rest = "";
    for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
      const parts = (rest + piece).split("\n");
      rest = parts.pop()!;
      for (const line of parts) {
        if (!line.startsWith('data: {"schema"')) continue;
        const status = JSON.parse(line.slice("data: ".length)) as StatusDocument;
        const worst = findingsOf(status, Date.now())[0]!;
        const isTrouble = findingsOf(status, Date.now()).some(({ kind }: { kind: string }) => kind === "noProgress");
        if (headlines.at(-1)?.kind !== worst.kind) tellProgress(`page: ${worst.kind}`);
        headlines.push({ at: performance.now(), kind: worst.kind, isTrouble });
      }
    }
  })().catch(() => {});
  return {
    headlines,
    async [Symbol.asyncDispose]() {
      child.kill("SIGINT");
      await Promise.all([child.status, reading, following]);
    },
  };
}

/** Read the delivered notifications about no progress, with the time of each by the monotonic clock. */
async function readNotices(folder: string): Promise<readonly { readonly status: string; readonly at: number }[]> {
  const text = await Deno.readTextFile(join(folder, "logs/alerts.jsonl")).catch(() => "");
  const offset = performance.now() - Date.now();
  return text.split("\n").filter((line) => line.includes("NoProgress")).map((line) => {
    const notice = JSON.parse(line);
    return { status: notice.status, at: Date.parse(notice.time) + offset };
  });
}

function seconds(start: number): number {
  return Math.round((performance.now() - start) / 1000);
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function boundsOf(name: string, figures: Figures): readonly Bound[] {
  const within = (value: number | null, limit: number): boolean => value !== null && value <= limit;
  return [
    { name: `${name}: headline within 30 s`, isMet: within(figures.headline, 30) },
    { name: `${name}: step down within 60 s`, isMet: within(figures.stepDown, 60) },
    { name: `${name}: alert within 120 s`, isMet: within(figures.alert, 120) },
    { name: `${name}: headline clear within 60 s`, isMet: within(figures.headlineClear, 60) },
    { name: `${name}: alert resolved within 60 s`, isMet: within(figures.alertClear, 60) },
    { name: `${name}: full speed within 60 s`, isMet: within(figures.fullSpeed, 60) },
  ];
}

if (import.meta.main) {
  const silentMs = numberFlag("silent-seconds", 150) * 1000;
  const bytes = Math.ceil((BEFORE_MS + AFTER_MS + 30_000) / 1000 * 4 * RATE);
  const [large, many] = await Promise.all([
    tell("a large file", { size: { creators: 1, modelsPerCreator: 1 }, fileSizes: [bytes] }, silentMs),
    tell("many files", {
      size: { creators: 1, modelsPerCreator: 60 },
      fileSizes: [bytes / 4, ...Array.from({ length: 59 }, () => Math.ceil(bytes / 60))],
    }, silentMs),
  ]);
  reportFigures({ large, many }, [...boundsOf("a large file", large), ...boundsOf("many files", many)]);
}
