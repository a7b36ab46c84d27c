/**
 * The program itself, while its storage is down for two minutes: three files of 4 GiB whose storage refuses
 * connections, and 2 000 small ones whose storage answers 500, beside each other. What flows breaks when the outage
 * begins.
 *
 * Bounds for each: exit code 0, every file right, back at `turbo` within five minutes after the outage, at most eight
 * switches, at most 1.3 times the requests that the files need. Takes about twelve minutes and 13 GB of disk; without an
 * outage (`--outage-seconds 0`) it shows what the files need:
 * `deno run -q -P=acceptance tests/acceptance/outage.ts [--large-mib 4096] [--small 2000] [--outage-seconds 120]`
 *
 * @module
 */
import { join } from "node:path";
import { type DownloadEvent, openLibrary } from "../../lib/downloader/mod.ts";
import { type CatalogOptions, type Sandbox, startSandbox } from "../../lib/sandbox/mod.ts";
import { sha256Of } from "../helpers/sha256_of.ts";
import { BreakablePort } from "./_breakable_port.ts";
import { numberFlag, tellProgress } from "./_flag.ts";
import { ONE_FILE_EACH } from "./_one_file_each.ts";
import { followProgram } from "./_follow_program.ts";
import { type Bound, reportFigures } from "../helpers/report_figures.ts";

/** What is fetched, and how its storage fails. */
interface Story {
  readonly name: string;
  readonly catalog: CatalogOptions;
  /** Limits the speed so that the outage and the recovery fall within the transfer. */
  readonly pace: readonly string[];
  readonly kind: "refused" | "500";
  readonly outageMs: number;
  /** Requests for link and transfers without failures. */
  readonly requestsPerFile: number;
}

/** The result of a download. */
interface Figures {
  readonly exitCode: number;
  readonly seconds: number;
  readonly files: number;
  readonly rightFiles: number;
  /** All requests to API and storage. */
  readonly requests: number;
  /** Requests to the storage during the outage, if it received them. */
  readonly requestsInOutage: number;
  /** Requests needed without faults, including the listing. */
  readonly neededRequests: number;
  readonly switches: readonly string[];
  readonly lastMode: string;
  /** From the end of the outage to the last step up. */
  readonly backAtTopSeconds: number | null;
  /** From the end of the outage to the first byte. */
  readonly firstByteSeconds: number | null;
  /** Classes of retries and of failed files, with their counts. */
  readonly failures: Readonly<Record<string, number>>;
}

const OUTAGE_FROM_MS = 60_000;

async function tell(story: Story): Promise<Figures> {
  const { name, catalog, pace, kind, outageMs, requestsPerFile } = story;
  const folder = await Deno.makeTempDir({ prefix: "civitai-dl-outage-" });
  await using port = new BreakablePort();
  await using sandbox = await startSandbox({ ...ONE_FILE_EACH, ...catalog, storageOrigin: port.origin });
  port.leadTo(Number(new URL(sandbox.imageOrigin).port));
  const outage = new Outage({ sandbox, port, kind, outageMs });
  const switches: { readonly at: number; readonly to: string }[] = [];
  const failures: Record<string, number> = {};
  let firstByteAt: number | null = null;
  const start = performance.now();
  const see = (event: DownloadEvent): void => {
    if (event.type === "start") outage.plan();
    if (event.type === "bytes" && outage.endedAt !== null) firstByteAt ??= performance.now();
    const failure = event.type === "retry" || event.type === "end" ? event.failure : null;
    if (failure !== null) failures[`${event.type} ${failure}`] = (failures[`${event.type} ${failure}`] ?? 0) + 1;
    if (event.type !== "mode") return;
    switches.push({ at: performance.now(), to: event.to });
    tellProgress(`${name}: ${secondsSince(start)} s: ${event.from} → ${event.to}: ${event.reason}`);
  };
  try {
    const exitCode = await followProgram({ sandbox, folder, extra: pace, see });
    const seconds = secondsSince(start);
    tellProgress(`${name}: ended with ${exitCode} after ${seconds} s`);
    const { files, rightFiles, requests } = { ...await countRight(sandbox, folder), requests: sandbox.log.requests };
    const { endedAt } = outage;
    const last = switches.at(-1);
    return {
      exitCode,
      seconds,
      files,
      rightFiles,
      requests: requests.length,
      neededRequests: listingOf(sandbox) + requestsPerFile * files,
      requestsInOutage: outage.storageRequests,
      switches: switches.map(({ at, to }) => `${Math.round((at - start) / 1000)} s: ${to}`),
      lastMode: last?.to ?? "turbo",
      backAtTopSeconds: last === undefined || endedAt === null ? null : Math.round((last.at - endedAt) / 1000),
      firstByteSeconds: firstByteAt === null || endedAt === null ? null : Math.round((firstByteAt - endedAt) / 1000),
      failures,
    };
  } finally {
    await outage.settled();
    await Deno.remove(folder, { recursive: true });
  }
}

interface OutageOptions {
  readonly sandbox: Sandbox;
  readonly port: BreakablePort;
  readonly kind: Story["kind"];
  readonly outageMs: number;
}

/** Interrupts the storage for a while, some time after the first file has started. */
class Outage {
  readonly #options: OutageOptions;
  readonly #timers: ReturnType<typeof setTimeout>[] = [];
  #before = 0;
  #working: Promise<void> = Promise.resolve();
  endedAt: number | null = null;
  storageRequests = 0;

  constructor(options: OutageOptions) {
    this.#options = options;
  }

  plan(): void {
    if (this.#timers.length > 0 || this.#options.outageMs === 0) return;
    this.#timers.push(setTimeout(() => this.#begin(), OUTAGE_FROM_MS));
    this.#timers.push(setTimeout(() => this.#end(), OUTAGE_FROM_MS + this.#options.outageMs));
  }

  async settled(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    await this.#working;
  }

  #begin(): void {
    const { sandbox, port, kind } = this.#options;
    this.#before = countStorage(sandbox);
    if (kind === "refused") this.#working = port.takeAway();
    else {
      sandbox.setToxics([{ type: "serverError", status: 500, on: ["storage"] }]);
      port.cut();
    }
  }

  #end(): void {
    const { sandbox, port, kind } = this.#options;
    this.storageRequests = countStorage(sandbox) - this.#before;
    if (kind === "refused") port.giveBack();
    else sandbox.setToxics([]);
    this.endedAt = performance.now();
  }
}

function countStorage(sandbox: Sandbox): number {
  return sandbox.log.requests.filter(({ host }) => host === "storage").length;
}

function listingOf(sandbox: Sandbox): number {
  return sandbox.log.requests.filter(({ host, route }) => host === "api" && !route.includes("download")).length;
}

async function countRight(
  sandbox: Sandbox,
  folder: string,
): Promise<{ readonly files: number; readonly rightFiles: number }> {
  const root = join(folder, "library");
  using library = await openLibrary(root, { command: "list", mustExist: true, readOnly: true });
  let files = 0;
  let rightFiles = 0;
  for (const item of library.catalog.items({ kinds: ["file"] })) {
    files++;
    if (item.state !== "done") continue;
    if (await sha256Of(join(root, item.path)) === await sandbox.sha256Of(item.fileId!)) rightFiles++;
  }
  return { files, rightFiles };
}

function secondsSince(start: number): number {
  return Math.round((performance.now() - start) / 1000);
}

function boundsOf(name: string, figures: Figures, leastFiles: number): readonly Bound[] {
  const { exitCode, files, rightFiles, switches, lastMode, backAtTopSeconds, requests, neededRequests } = figures;
  const isBack = lastMode === "turbo" && backAtTopSeconds !== null && backAtTopSeconds <= 300;
  return [
    { name: `${name}: exit code 0`, isMet: exitCode === 0 },
    { name: `${name}: every file right`, isMet: rightFiles === files && files >= leastFiles },
    { name: `${name}: went down`, isMet: switches.length >= 2 },
    { name: `${name}: at most 8 switches`, isMet: switches.length <= 8 },
    { name: `${name}: back at turbo within 5 minutes`, isMet: isBack },
    { name: `${name}: at most 1.3 times the requests`, isMet: requests <= 1.3 * neededRequests },
  ];
}

if (import.meta.main) {
  const outageMs = numberFlag("outage-seconds", 120) * 1000;
  const largeBytes = numberFlag("large-mib", 4096) * 2 ** 20;
  const small = numberFlag("small", 2000);
  // After the outage, the climb back takes up to five minutes.
  const transferSeconds = OUTAGE_FROM_MS / 1000 + 320;
  const [large, many] = await Promise.all([
    tell({
      name: "large files",
      catalog: { size: { creators: 1, modelsPerCreator: 3 }, fileSizes: [largeBytes, largeBytes, largeBytes] },
      pace: ["--limit-rate", `${Math.round(3 * largeBytes / transferSeconds / 2 ** 20)}M`],
      kind: "refused",
      outageMs,
      // A run without an outage sends fifteen range requests per file.
      requestsPerFile: 16,
    }),
    tell({
      name: "small files",
      catalog: { size: { creators: 1, modelsPerCreator: small }, fileBytes: { min: 20_000, max: 60_000 } },
      pace: ["--download-rate", String(small / transferSeconds)],
      kind: "500",
      outageMs,
      requestsPerFile: 2,
    }),
  ]);
  // The API does not list everything of a creator.
  const bounds = [...boundsOf("large files", large, 3), ...boundsOf("small files", many, 0.9 * small)];
  reportFigures({ large, many }, bounds);
}
