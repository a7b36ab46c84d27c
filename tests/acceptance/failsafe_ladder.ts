/**
 * A storage that fails at 40 % for ten minutes amid 2 000 files, three times over: not at all, watched over by our
 * failsafe, and watched over by the rule of three strikes, which counts failures, forgives none, and never comes back.
 *
 * Bounds for ours: down and back up again in at most 8 switches; every file right; at most 1.3 times the requests of the
 * run without faults. Takes about twenty-five minutes, the three runs beside each other:
 * `deno run -q -P=acceptance tests/acceptance/failsafe_ladder.ts [--files 2000] [--fault-seconds 600] [--seed 1]`
 *
 * @module
 */
import { join } from "node:path";
import { DEFAULT_CHOICE, download, type DownloadEvent, openEngine, openLibrary } from "../../lib/downloader/mod.ts";
import { type Sandbox, startSandbox, type ToxicRule } from "../../lib/sandbox/mod.ts";
import { numberFlag, tellProgress } from "./_flag.ts";
import { firstCreatorOf, followProgram } from "./_follow_program.ts";
import { reportFigures } from "../helpers/report_figures.ts";
import { ThreeStrikes } from "./_three_strikes.ts";

const FAULT_FROM_MS = 60_000;
/** Civitai's limit: two links a second. */
const LINKS_PER_SECOND = 2;
const LATENCY: ToxicRule = { type: "latency", ms: 500, on: ["storage"] };
const FAULTS: readonly ToxicRule[] = [
  LATENCY,
  { type: "serverError", status: 500, rate: 0.25, on: ["storage"] },
  { type: "reset", rate: 0.2, on: ["storage"] },
];

/** One of the three runs. */
interface Story {
  readonly name: string;
  readonly hasFaults: boolean;
  readonly run: (sandbox: Sandbox, folder: string, see: (event: DownloadEvent) => void) => Promise<number>;
}

interface Figures {
  readonly exitCode: number;
  readonly seconds: number;
  readonly rightFiles: number;
  readonly requests: number;
  readonly faults: number;
  readonly switches: readonly string[];
  readonly notices: number;
  readonly lastMode: string;
}

async function tell(
  story: Story,
  options: { readonly files: number; readonly faultMs: number; readonly seed: number },
) {
  const { files, faultMs, seed } = options;
  const folder = await Deno.makeTempDir({ prefix: "civitai-dl-ladder-" });
  await using sandbox = await startSandbox({
    seed,
    size: { creators: 1, modelsPerCreator: files },
    versionsPerModel: { min: 1, max: 1 },
    filesPerVersion: { min: 1, max: 1 },
    imagesPerVersion: { min: 0, max: 0 },
    galleryPerVersion: 0,
    fileBytes: { min: 20_000, max: 60_000 },
    requireLogin: 0,
    outcomes: {},
    nastyNames: 0,
    toxics: [LATENCY],
  });
  const timers = story.hasFaults
    ? [
      setTimeout(() => sandbox.setToxics(FAULTS), FAULT_FROM_MS),
      setTimeout(() => sandbox.setToxics([LATENCY]), FAULT_FROM_MS + faultMs),
    ]
    : [];
  const switches: string[] = [];
  let lastMode = "turbo";
  let notices = 0;
  const start = performance.now();
  const see = (event: DownloadEvent): void => {
    if (event.type !== "mode") return;
    notices++;
    if (event.from !== event.to) switches.push(`${Math.round((performance.now() - start) / 1000)} s: ${event.to}`);
    lastMode = event.to;
    tellProgress(`${story.name}: ${event.from} → ${event.to}: ${event.reason}`);
  };
  try {
    const exitCode = await story.run(sandbox, folder, see);
    const seconds = (performance.now() - start) / 1000;
    tellProgress(`${story.name}: ended after ${seconds.toFixed(0)} s`);
    const { requests } = sandbox.log;
    const figures: Figures = {
      exitCode,
      seconds,
      switches,
      notices,
      lastMode,
      rightFiles: await countRight(sandbox, folder),
      requests: requests.length,
      faults: requests.filter(({ toxics }) => toxics.some((name) => name !== "latency")).length,
    };
    return figures;
  } finally {
    for (const timer of timers) clearTimeout(timer);
    await Deno.remove(folder, { recursive: true });
  }
}

/** Files with the published bytes. */
async function countRight(sandbox: Sandbox, folder: string): Promise<number> {
  using library = await openLibrary(join(folder, "library"), { command: "list", mustExist: true, readOnly: true });
  let right = 0;
  for (const item of library.catalog.items({ kinds: ["file"], states: ["done"] })) {
    const bytes = await Deno.readFile(join(folder, "library", item.path));
    const actual = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex().toUpperCase();
    if (actual === await sandbox.sha256Of(item.fileId!)) right++;
  }
  return right;
}

/** The program itself, as a process. */
function runProgram(sandbox: Sandbox, folder: string, see: (event: DownloadEvent) => void): Promise<number> {
  return followProgram({ sandbox, folder, see, extra: ["--download-rate", String(LINKS_PER_SECOND)] });
}

/** The same engine, with the rule of three strikes in place of the failsafe. */
async function runThreeStrikes(sandbox: Sandbox, folder: string, see: (event: DownloadEvent) => void): Promise<number> {
  using library = await openLibrary(join(folder, "library"), { command: "download" });
  using engine = openEngine({
    library,
    failsafe: new ThreeStrikes((event) => see(event)),
    durable: false,
    env: () => undefined,
    onEvent: see,
    client: {
      baseUrl: sandbox.apiOrigin,
      token: sandbox.token,
      modelRate: Infinity,
      imageRate: Infinity,
      downloadRate: LINKS_PER_SECOND,
    },
  });
  const result = await download({
    ...engine,
    choice: { ...DEFAULT_CHOICE, previews: 0, gallery: 0, maxImages: 0 },
    command: "download",
    reserveBytes: 0,
    targets: [{ type: "user", username: firstCreatorOf(sandbox) }],
    approve: () => Promise.resolve(true),
    signal: new AbortController().signal,
  });
  return result.run?.failed.length === 0 ? 0 : 1;
}

if (import.meta.main) {
  const options = {
    files: numberFlag("files", 2000),
    faultMs: numberFlag("fault-seconds", 600) * 1000,
    seed: numberFlag("seed", 1),
  };
  const [clean, ours, strikes] = await Promise.all([
    tell({ name: "no faults", hasFaults: false, run: runProgram }, options),
    tell({ name: "ours", hasFaults: true, run: runProgram }, options),
    tell({ name: "three strikes", hasFaults: true, run: runThreeStrikes }, options),
  ]);
  const ratio = ours.requests / clean.requests;
  reportFigures({ clean, ours, strikes, ratio, strikesRatio: strikes.requests / clean.requests }, [
    { name: "ours went down", isMet: ours.switches.length >= 2 },
    { name: "ours came back", isMet: ours.lastMode === "turbo" },
    { name: "at most 8 switches", isMet: ours.switches.length <= 8 },
    // The API does not list everything of a creator.
    { name: "all files right", isMet: ours.rightFiles === clean.rightFiles && ours.exitCode === 0 },
    { name: "enough files", isMet: clean.rightFiles > 0.9 * options.files },
    { name: "at most 1.3 times the requests", isMet: ratio <= 1.3 },
    { name: "the clean run stayed clean", isMet: clean.switches.length === 0 && clean.exitCode === 0 },
  ]);
}
