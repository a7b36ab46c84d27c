/**
 * The night in which the disk of a library is unmounted under a running monitor and a running download, and mounted
 * again: the program as processes, its shipped rules and intervals, a mount of its own.
 *
 * Bounds, in seconds: from the fault to the end of the download 30, to the headline and `/healthz` 30, to the delivered
 * alert 120; from the repair to the headline and the resolved alert 60 and 120. Nothing may be created on the mount
 * point. Needs root, because it mounts; takes three minutes: `deno run -q -P=acceptance tests/acceptance/nights/library_gone.ts`
 *
 * @module
 */
import { join } from "node:path";
import { findingsOf } from "../../../lib/status/headline.ts";
import { startSandbox } from "../../../lib/sandbox/mod.ts";
import { becomes } from "../../helpers/becomes.ts";
import { PLAIN } from "../../helpers/library/download_bench.ts";
import { mountRemovableDisk } from "../../helpers/removable_disk.ts";
import { type Bound, reportFigures } from "../../helpers/report_figures.ts";
import { type RunningMonitor, startMonitor } from "../../helpers/start_monitor.ts";
import { startProgram } from "../../helpers/start_program.ts";

const PATIENCE_MS = 150_000;

/** Measure the seconds until something is true; `null` if it does not become so. */
async function secondsUntil(isTrue: () => boolean | Promise<boolean>): Promise<number | null> {
  const start = performance.now();
  return await becomes(isTrue, PATIENCE_MS) ? Math.round((performance.now() - start) / 100) / 10 : null;
}

async function headlineOf(monitor: RunningMonitor): Promise<string> {
  return findingsOf(await monitor.status(), Date.now())[0]!.kind;
}

const folder = await Deno.makeTempDir({ prefix: "civitai-dl-gone-" });
const disk = await mountRemovableDisk(folder);
if (disk === null) throw new Error("Cannot play this night: this process may not mount a folder");
await using _disk = disk;
await using sandbox = await startSandbox({ ...PLAIN, fileSizes: [200_000_000] });
sandbox.setToxics([{ type: "bandwidth", bytesPerSecond: 400_000 }]);
const models = [...sandbox.catalog.models()].flatMap((model) => ["--model", String(model.id)]);
const words = ["download", "-o", disk.path, "--base-url", sandbox.apiOrigin, "--reserve", "0", "--no-images", "--yes"];
const download = startProgram([...words, ...models], {
  folder,
  env: { CIVITAI_API_KEY: sandbox.token, XDG_STATE_HOME: join(folder, "state") },
  origins: [sandbox.apiOrigin, sandbox.storageOrigin],
});
await becomes(async () => (await disk.names()).includes("models"), PATIENCE_MS);
await using monitor = await startMonitor(folder, ["--library", disk.path]);
await becomes(async () => (await monitor.status()).downloads.length > 0, PATIENCE_MS);

await disk.unmount();
const [exit, headline, health, alert] = await Promise.all([
  secondsUntil(() => download.ended.then(({ code }) => code === 4)),
  secondsUntil(async () => await headlineOf(monitor) === "libraryGone"),
  secondsUntil(async () => (await monitor.health()).status === 503),
  secondsUntil(async () => (await monitor.notices()).includes("firing LibraryMissing")),
]);
const created = (await disk.names()).length;
await disk.mount();
const [headlineClear, healthClear, alertClear] = await Promise.all([
  secondsUntil(async () => await headlineOf(monitor) !== "libraryGone"),
  secondsUntil(async () => (await monitor.health()).status === 200),
  secondsUntil(async () => (await monitor.notices()).includes("resolved LibraryMissing")),
]);
const notices = (await monitor.notices()).filter((notice) => notice.endsWith("LibraryMissing"));
const figures = { exit, headline, health, alert, created, headlineClear, healthClear, alertClear, notices };
const within = (seconds: number | null, most: number): boolean => seconds !== null && seconds <= most;
const bounds: readonly Bound[] = [
  { name: "the download ends with 4 within 30 s", isMet: within(exit, 30) },
  { name: "headline and health within 30 s", isMet: within(headline, 30) && within(health, 30) },
  { name: "alert within 120 s", isMet: within(alert, 120) },
  { name: "nothing is created on the mount point", isMet: created === 0 },
  { name: "headline and health are clear within 60 s", isMet: within(headlineClear, 60) && within(healthClear, 60) },
  { name: "the alert is resolved within 120 s", isMet: within(alertClear, 120) },
  { name: "one notice of each kind", isMet: notices.join() === "firing LibraryMissing,resolved LibraryMissing" },
];
await monitor.stop();
reportFigures(figures, bounds);
