/**
 * One outage with three receivers: one is well, one refuses connections from before the outage until after it, and one
 * reads every message and never answers. A monitor as a process of its own watches what a run writes, `check-alerts`
 * runs beside it as from cron, and the monitor is killed in the middle of the outage.
 *
 * Bounds for each receiver: exactly one firing and one resolved, in this order; late and marked so where it was dead. The
 * monitor counts what is undelivered, and no tick waits for a receiver. The rules are the shipped ones, with their times
 * divided so that an outage of an hour becomes one of a minute; the waits of the deliveries are the real ones, so it takes
 * about six minutes. The hour itself, with the shipped times: `--outage-seconds 3600 --hasten 1`.
 * `deno run -q -P=acceptance tests/acceptance/nights/receivers.ts [--outage-seconds 60] [--hasten 30]`
 *
 * @module
 */
import { join } from "node:path";
import type { WebhookPayload } from "../../../lib/alerts/mod.ts";
import { formatDuration, parseDuration, systemClock } from "../../../lib/base/mod.ts";
import { DownloadMeter } from "../../../lib/downloader/mod.ts";
import { MetricJournal, MetricRegistry } from "../../../lib/metrics/mod.ts";
import { numberFlag, tellProgress } from "../_flag.ts";
import { reportFigures } from "../../helpers/report_figures.ts";

const ROOT = join(import.meta.dirname!, "../../..");
const SECOND_MS = 1000;

/** One message, as a receiver got it. */
interface Message {
  readonly atMs: number;
  readonly status: string;
  readonly alerts: readonly string[];
  readonly endsAt: string;
}

/** A receiver on this machine. */
interface Hook extends AsyncDisposable {
  readonly received: readonly Message[];
}

/** Listen on a port; `answer` is the response, or never comes. */
function listen(port: number, answer: () => Promise<Response>): Hook & { readonly port: number } {
  const received: Message[] = [];
  const { promise: end, resolve } = Promise.withResolvers<Response>();
  const server = Deno.serve({ hostname: "127.0.0.1", port, onListen() {} }, async (request) => {
    const { status, alerts } = await request.json() as WebhookPayload;
    const names = alerts.map((alert) => `${alert.labels["alertname"]} ${alert.status}`);
    received.push({ atMs: Date.now(), status, alerts: names, endsAt: alerts[0]?.endsAt ?? "" });
    return await Promise.race([answer(), end]);
  });
  return {
    port: (server.addr as Deno.NetAddr).port,
    received,
    async [Symbol.asyncDispose]() {
      resolve(new Response(null, { status: 503 }));
      await server.shutdown();
    },
  };
}

/** A port that nobody listens on, which is taken later. */
function closedPort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** The shipped rules with their times divided, and with the three receivers. */
async function writeRules(path: string, hasten: number, ports: readonly number[]): Promise<void> {
  const shipped = await Deno.readTextFile(join(ROOT, "config/alerts.yml"));
  const urls = ports.map((port) => `      - json://127.0.0.1:${port}/hook\n`).join("");
  const text = shipped
    .replaceAll(
      /\b(window|for|keepFiringFor|interval|groupWait|groupInterval): (\d+[smh])$/gm,
      (_, key: string, time: string) => `${key}: ${Math.max(1, parseDuration(time) / hasten / SECOND_MS)}s`,
    )
    .replace(/ +- file:logs\/alerts\.jsonl\n/, urls);
  await Deno.writeTextFile(path, text);
}

/** Play what a run measures: some files a second, of which all fail during the outage. */
async function play(folder: string, isOut: () => boolean, signal: AbortSignal): Promise<void> {
  const registry = new MetricRegistry();
  const meter = new DownloadMeter(registry);
  await using _journal = new MetricJournal(join(folder, "logs"), registry, { everyMs: SECOND_MS });
  for (let number = 0; !signal.aborted; number++) {
    const path = `models/${number}.safetensors`;
    const ids = { key: `file:${number}`, creator: "a", modelId: number, versionId: number, fileId: number };
    const item = { ...ids, kind: "file" as const, path };
    const host = "storage.example";
    const outcome = isOut()
      ? { outcome: "failed", failure: "server", message: "it answered 503" } as const
      : { outcome: "done", failure: null, message: null } as const;
    meter.record({ type: "start", item, host, totalBytes: 4096, resumedBytes: 0 });
    meter.record({ type: "end", item, host, bytes: 4096, durationMs: 20, ...outcome });
    await systemClock.sleep(50);
  }
}

/** The program as a process of its own. */
function start(folder: string, words: readonly string[]): Deno.ChildProcess {
  const place = ["--library", "library", "--logs", "logs", "--config", "alerts.yml"];
  const args = ["run", "-q", "--no-prompt", "--config", join(ROOT, "deno.json"), "-A", join(ROOT, "cli.ts")];
  return new Deno.Command(Deno.execPath(), { cwd: folder, args: [...args, ...words, ...place], stdout: "null" })
    .spawn();
}

async function waitFor(what: string, limitMs: number, isThere: () => boolean | Promise<boolean>): Promise<boolean> {
  const end = performance.now() + limitMs;
  while (performance.now() < end) {
    if (await isThere()) return true;
    await systemClock.sleep(200);
  }
  tellProgress(`${what}: not within ${formatDuration(limitMs)}`);
  return false;
}

if (import.meta.main) {
  const outageMs = numberFlag("outage-seconds", 60) * SECOND_MS;
  const hasten = numberFlag("hasten", 30);
  const folder = await Deno.makeTempDir({ prefix: "civitai-dl-receivers-" });
  await Deno.mkdir(join(folder, "library", ".civitai-dl"), { recursive: true });
  await Deno.mkdir(join(folder, "logs"));
  await using well = listen(0, () => Promise.resolve(new Response()));
  await using hanging = listen(0, () => new Promise(() => {}));
  const deadPort = closedPort();
  await writeRules(join(folder, "alerts.yml"), hasten, [well.port, deadPort, hanging.port]);
  const stop = new AbortController();
  let isOut = false;
  const playing = play(folder, () => isOut, stop.signal);
  const pagePort = closedPort();
  const monitorWords = ["monitor", "--interval", "1s", "--listen", `127.0.0.1:${pagePort}`];
  const ask = async (path: string): Promise<string> =>
    await fetch(`http://127.0.0.1:${pagePort}/${path}`).then((response) => response.text(), () => "");
  const undelivered = async (): Promise<number> => {
    const line = /^civitai_dl_undelivered_notifications (\d+)$/m.exec(await ask("metrics"));
    return line === null ? -1 : Number(line[1]);
  };
  let monitor = start(folder, monitorWords);
  await waitFor("the page", 60_000, async () => await undelivered() === 0);
  await systemClock.sleep(10 * SECOND_MS);

  tellProgress("the outage begins");
  isOut = true;
  const outageAt = Date.now();
  const fires = await waitFor("firing", outageMs, () => well.received.length > 0);
  // The one that hangs is given up after 20 s, and the dead one is known at once.
  const isCounted = await waitFor("two undelivered", 60_000, async () => await undelivered() === 2);
  monitor.kill("SIGKILL");
  await monitor.status;
  const cron = await start(folder, ["check-alerts"]).status;
  monitor = start(folder, monitorWords);
  await systemClock.sleep(Math.max(0, outageAt + outageMs - Date.now()));

  tellProgress("the outage is over");
  isOut = false;
  const repairAt = Date.now();
  const ends = await waitFor("resolved", 20 * 60_000 / hasten + 60_000, () => well.received.length > 1);
  await systemClock.sleep(10 * SECOND_MS);
  tellProgress("the dead receiver is back");
  await using dead = listen(deadPort, () => Promise.resolve(new Response()));
  const backAt = Date.now();
  const isTold = await waitFor("late", 16 * 60_000, () => dead.received.length > 1);
  // Nothing more may come.
  await systemClock.sleep(45 * SECOND_MS);
  const left = await undelivered();
  stop.abort();
  monitor.kill("SIGINT");
  await Promise.all([playing, monitor.status]);
  await Deno.remove(folder, { recursive: true });

  const inOrder = ({ received }: Hook): boolean => received.map(({ status }) => status).join() === "firing,resolved";
  const seconds = (atMs: number | undefined, fromMs: number) =>
    atMs === undefined ? null : Math.round((atMs - fromMs) / SECOND_MS);
  const ofOne = (hook: Hook) => hook.received.flatMap(({ alerts }) => alerts);
  reportFigures({
    outageSeconds: outageMs / SECOND_MS,
    hasten,
    well: ofOne(well),
    hanging: ofOne(hanging),
    dead: ofOne(dead),
    firingAfterSeconds: seconds(well.received[0]?.atMs, outageAt),
    resolvedAfterSeconds: seconds(well.received[1]?.atMs, repairAt),
    lateAfterSeconds: seconds(dead.received[0]?.atMs, backAt),
    undeliveredAtTheEnd: left,
  }, [
    { name: "the outage fires and ends", isMet: fires && ends },
    { name: "well: one firing, one resolved", isMet: inOrder(well) },
    { name: "hanging: one firing, one resolved", isMet: inOrder(hanging) },
    { name: "dead: one firing, one resolved, late", isMet: isTold && inOrder(dead) },
    { name: "the late firing says when it ended", isMet: !(dead.received[0]?.endsAt ?? "0001").startsWith("0001") },
    { name: "two undelivered during the outage", isMet: isCounted },
    { name: "one without an answer at the end", isMet: left === 1 },
    { name: "check-alerts says that one fires", isMet: cron.code === 1 },
  ]);
}
