/**
 * One outage with three receivers: one is well, one refuses connections from before the outage until after it, and one
 * reads every message and never answers. A download as a process of its own hangs, since the storage accepts and says
 * nothing: it waits for `--patience`, gives up with exit 6, and somebody starts it again in the outage, which helps
 * nothing, and again after the repair. A monitor watches, `check-alerts` runs beside it as from cron, and the monitor is
 * killed in the middle of the outage.
 *
 * Bounds for each receiver: exactly one firing and one resolved, in this order; late and marked so where it was dead; and
 * no other message, such as one for each run that gave up. The monitor counts what is undelivered, and no tick waits for
 * a receiver. The rules are the shipped ones, with their times and the patience of the runs divided so that an outage of
 * an hour becomes one of four minutes; the waits of the deliveries are the real ones, so it takes about ten minutes. The
 * hour itself, with the shipped times, and the quarter of an hour after it in which an alert that has ended mutes others:
 * `--outage-seconds 3600 --hasten 1`.
 * `deno run -q -P=acceptance tests/acceptance/nights/receivers.ts [--outage-seconds 240] [--hasten 15]`
 *
 * @module
 */
import { join } from "node:path";
import type { WebhookPayload } from "../../../lib/alerts/mod.ts";
import { formatDuration, parseDuration, systemClock } from "../../../lib/base/mod.ts";
import { readRuns } from "../../../lib/library/mod.ts";
import { type Sandbox, startSandbox } from "../../../lib/sandbox/mod.ts";
import { numberFlag, tellProgress } from "../_flag.ts";
import { ONE_FILE_EACH } from "../_one_file_each.ts";
import { firstCreatorOf } from "../_follow_program.ts";
import { reportFigures } from "../../helpers/report_figures.ts";
import { SilentPort } from "./_silent_port.ts";

const ROOT = join(import.meta.dirname!, "../../..");
const SECOND_MS = 1000;
/** A little longer than an alert mutes others after its end: what a run that gave up leaves behind is told then. */
const AFTERMATH_MS = 15.5 * 60 * SECOND_MS;

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
  const urls = ports.map((port) => `  - json://127.0.0.1:${port}/hook\n`).join("");
  const text = shipped
    .replaceAll(
      /\b(window|for|keepFiringFor|groupWait): (\d+[smh])$/gm,
      (_, key: string, time: string) => `${key}: ${Math.max(1, parseDuration(time) / hasten / SECOND_MS)}s`,
    )
    .replace(/(metric: no_progress_seconds\n +value: )60s/, (_, before) => `${before}${60 / hasten}s`)
    .replace(/ +- file:logs\/alerts\.jsonl\n/, urls);
  await Deno.writeTextFile(path, text);
}

/** The program as a process of its own. */
function start(
  folder: string,
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): Deno.ChildProcess {
  const args = ["run", "-q", "--no-prompt", "--config", join(ROOT, "deno.json"), "-A", join(ROOT, "cli.ts")];
  const options = { cwd: folder, env: { XDG_CONFIG_HOME: folder, XDG_STATE_HOME: folder, ...env } } as const;
  return new Deno.Command(Deno.execPath(), { ...options, args: [...args, ...words], stdout: "null" }).spawn();
}

/** Many files of one creator behind a port, with work for longer than the story takes. */
async function startStorage(port: SilentPort): Promise<Sandbox> {
  const sandbox = await startSandbox({
    ...ONE_FILE_EACH,
    size: { creators: 1, modelsPerCreator: 400 },
    fileSizes: [1_000_000],
    storageOrigin: port.origin,
    toxics: [{ type: "bandwidth", bytesPerSecond: 30_000, on: ["storage"] }],
  });
  port.leadTo(Number(new URL(sandbox.imageOrigin).port));
  return sandbox;
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
  const outageMs = numberFlag("outage-seconds", 240) * SECOND_MS;
  const hasten = numberFlag("hasten", 15);
  const folder = await Deno.makeTempDir({ prefix: "civitai-dl-receivers-" });
  await Deno.mkdir(join(folder, "library", ".civitai-dl"), { recursive: true });
  await Deno.mkdir(join(folder, "logs"));
  await using port = new SilentPort();
  await using sandbox = await startStorage(port);
  await using well = listen(0, () => Promise.resolve(new Response()));
  await using hanging = listen(0, () => new Promise(() => {}));
  const deadPort = closedPort();
  await writeRules(join(folder, "alerts.yml"), hasten, [well.port, deadPort, hanging.port]);
  const env = { CIVITAI_API_KEY: sandbox.token, CIVITAI_DL_BASE_URL: sandbox.apiOrigin };
  const exits: number[] = [];
  const download = (): Deno.ChildProcess => {
    const words = ["download", "--user", firstCreatorOf(sandbox), "--output", "library", "--yes", "--no-images"];
    const more = ["--logs", "logs", "--reserve", "0", "--quiet", "--patience", `${300 / hasten}s`];
    const child = start(folder, [...words, ...more], env);
    child.status.then(({ code }) => {
      tellProgress(`the run ended with ${code}`);
      exits.push(code);
    });
    return child;
  };
  const pagePort = closedPort();
  const place = ["--library", "library", "--logs", "logs", "--config", "alerts.yml"];
  const monitorWords = ["monitor", "--interval", "1s", "--listen", `127.0.0.1:${pagePort}`, ...place];
  const ask = async (path: string): Promise<string> =>
    await fetch(`http://127.0.0.1:${pagePort}/${path}`).then((response) => response.text(), () => "");
  const undelivered = async (): Promise<number> => {
    const line = /^civitai_dl_undelivered_notifications (\d+)$/m.exec(await ask("metrics"));
    return line === null ? -1 : Number(line[1]);
  };
  // Other programs fill the disk of this machine meanwhile.
  const silence = ["alerts", "silence", "add", "DiskFilling", "HighDiskUsage", "--for", "1d"];
  await start(folder, [...silence, "--comment", "not this story", ...place], env).status;
  let monitor = start(folder, monitorWords, env);
  await waitFor("the page", 60_000, async () => await undelivered() === 0);
  let run = download();
  const isFetching = await waitFor("bytes", 120_000, () => port.bytes > 500_000);

  tellProgress("the outage begins");
  port.fallSilent();
  const outageAt = Date.now();
  const fires = await waitFor("firing", outageMs, () => well.received.length > 0);
  // The one that hangs is given up after 20 s, and the dead one is known at once.
  const isCounted = await waitFor("two undelivered", 60_000, async () => await undelivered() === 2);
  monitor.kill("SIGKILL");
  await monitor.status;
  const cron = await start(folder, ["check-alerts", ...place], env).status;
  monitor = start(folder, monitorWords, env);
  const gaveUp = await waitFor("the run gives up", outageAt + outageMs - Date.now(), () => exits.length > 0);
  tellProgress("somebody starts it again");
  if (gaveUp) run = download();
  await systemClock.sleep(Math.max(0, outageAt + outageMs - Date.now()));

  tellProgress("the outage is over");
  port.repair();
  const repairAt = Date.now();
  if (exits.length === 2) run = download();
  const ends = await waitFor("resolved", 20 * 60_000 / hasten + 60_000, () => well.received.length > 1);
  if (hasten === 1) await systemClock.sleep(AFTERMATH_MS);
  tellProgress("the dead receiver is back");
  await using dead = listen(deadPort, () => Promise.resolve(new Response()));
  const backAt = Date.now();
  const isTold = await waitFor("late", 16 * 60_000, () => dead.received.length > 1);
  // Nothing more may come.
  await systemClock.sleep(45 * SECOND_MS);
  const left = await undelivered();
  const runs = await readRuns(join(folder, "library", ".civitai-dl", "state"));
  const gaveUpWith = [...exits];
  // It may have ended by itself: everything is there.
  if (gaveUpWith.at(-1) !== 0) run.kill("SIGINT");
  await run.status;
  monitor.kill("SIGINT");
  await monitor.status;
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
    runs: runs.toReversed().map(({ startedAt, endedAt, exitCode, message, silentMs }) => ({
      startedAfterSeconds: seconds(Date.parse(startedAt), outageAt),
      endedAfterSeconds: endedAt === null ? null : seconds(Date.parse(endedAt), outageAt),
      exitCode,
      message,
      silentMs,
    })),
  }, [
    { name: "the outage fires and ends", isMet: isFetching && fires && ends },
    {
      name: "runs give up with 6, the last one works",
      isMet: gaveUp && gaveUpWith.every((code, at) => code === (at < 2 ? 6 : 0)),
    },
    { name: "it is NoProgress that is told", isMet: ofOne(well).join() === "NoProgress firing,NoProgress resolved" },
    { name: "well: one firing, one resolved", isMet: inOrder(well) },
    { name: "hanging: one firing, one resolved", isMet: inOrder(hanging) },
    { name: "dead: one firing, one resolved, late", isMet: isTold && inOrder(dead) },
    { name: "the late firing says when it ended", isMet: !(dead.received[0]?.endsAt ?? "0001").startsWith("0001") },
    { name: "two undelivered during the outage", isMet: isCounted },
    { name: "one without an answer at the end", isMet: left === 1 },
    { name: "check-alerts says that one fires", isMet: cron.code === 1 },
  ]);
}
