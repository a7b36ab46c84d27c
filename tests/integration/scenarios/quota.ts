import { ensureDir } from "@std/fs";
import { join } from "node:path";
import { type Random, seededRandom, systemClock } from "../../../lib/base/mod.ts";
import { openCatalog } from "../../../lib/library/mod.ts";
import { type FileFact, type Sandbox, startSandbox, type ToxicRule } from "../../../lib/sandbox/mod.ts";
import { downloadWords } from "./download_words.ts";
import { LibraryCheck } from "./_library_check.ts";
import { type ProgramRun, startProgram } from "../../helpers/start_program.ts";

/** Options of {@linkcode runQuota}. */
export interface QuotaOptions {
  /** Minimum number of model files in the library. */
  readonly files: number;
  /** Sizes of the larger files, so that kills fall within files. */
  readonly largeSizes: readonly number[];
  /** Number of killed runs. */
  readonly kills: number;
  /** Speed of the storage. */
  readonly bytesPerSecond: number;
  /** Additional toxics. */
  readonly toxics: readonly ToxicRule[];
  readonly seed: number;
  /** Called with progress. */
  readonly onProgress?: (text: string) => void;
}

/** What the download route and the storage received. */
export interface QuotaFigures {
  files: number;
  /** Correct model files at the end. */
  right: number;
  kills: number;
  /** Hits on the download route. */
  hits: number;
  /** Requests that the storage refused because of an expired link. */
  expiries: number;
  /** Files whose links a run had requested when it was killed; the next run requests them again. */
  underWay: number;
  /** Transfers that a reset broke off. */
  resets: number;
  /** Runs that were not killed and did not exit with 0. */
  readonly failedRuns: string[];
}

interface Story {
  readonly options: QuotaOptions;
  readonly sandbox: Sandbox;
  readonly facts: readonly FileFact[];
  readonly folder: string;
  readonly random: Random;
  readonly figures: QuotaFigures;
}

const WORDS = ["--no-images", "--quiet"];
/** Some models have no owner and are in no listing. */
const SPARE = 0.12;
const DAY_MS = 86_400_000;

/** Fetch a library while links expire, connections break and runs are killed, and count the links used. */
export async function runQuota(options: QuotaOptions): Promise<QuotaFigures> {
  const { files, largeSizes, bytesPerSecond, seed, toxics } = options;
  await using sandbox = await startSandbox({
    seed,
    size: { creators: 1, modelsPerCreator: Math.ceil(files * (1 + SPARE)) },
    outcomes: {},
    versionsPerModel: { min: 1, max: 1 },
    filesPerVersion: { min: 1, max: 1 },
    imagesPerVersion: { min: 0, max: 0 },
    fileSizes: largeSizes,
    fileBytes: { min: 1024, max: 16_384 },
    toxics: [{ type: "bandwidth", bytesPerSecond }, ...toxics],
  });
  const facts = [...sandbox.facts()].filter((fact) => fact.creator !== null);
  for (const fact of facts) await fact.sha256();
  const folder = await Deno.makeTempDir({ prefix: "civitai-dl-quota-" });
  const figures: QuotaFigures = {
    files: facts.length,
    right: 0,
    kills: 0,
    hits: 0,
    expiries: 0,
    underWay: 0,
    resets: 0,
    failedRuns: [],
  };
  const story: Story = { options, sandbox, facts, folder, random: seededRandom(seed), figures };
  try {
    while (figures.kills < options.kills) if (await runAndKill(story)) break;
    noteRun(figures, await startProgram(downloadWords(sandbox, WORDS), childOptions(story)).ended);
    const state = await new LibraryCheck(sandbox, join(folder, "library")).look();
    figures.right = facts.filter((fact) => state.right.has(fact.fileId)).length;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  const { requests, downloadHits } = sandbox.log;
  figures.hits = downloadHits;
  figures.expiries = requests.filter((it) => it.route === "/model" && it.status === 403).length;
  figures.resets = requests.filter((it) => it.toxics.includes("reset")).length;
  return figures;
}

function childOptions({ sandbox, folder }: Story): Parameters<typeof startProgram>[1] {
  const { token, apiOrigin, storageOrigin } = sandbox;
  return { folder, env: { CIVITAI_API_KEY: token }, origins: [apiOrigin, storageOrigin] };
}

function noteRun(figures: QuotaFigures, { code, stderr }: ProgramRun): void {
  if (code !== 0) figures.failedRuns.push(`${code}: ${stderr.slice(-300)}`);
}

/** Whether the program ended by itself before the moment. */
async function runAndKill(story: Story): Promise<boolean> {
  const { sandbox, figures, options, facts, folder, random } = story;
  await ensureDir(folder);
  const bytesAtStart = sandbox.log.storageBytes;
  const asked = sandbox.log.requests.length;
  const program = startProgram(downloadWords(sandbox, WORDS), childOptions(story));
  let isRunning = true;
  const ended = program.ended.finally(() => isRunning = false);
  // By bytes, so that the moments fall where the time goes, even on a slow machine; then a little later.
  const total = facts.reduce((sum, fact) => sum + fact.sizeBytes, 0);
  const share = Math.max(0, total - bytesAtStart) / (options.kills - figures.kills + 1);
  const bytes = bytesAtStart + 1 + random() * 2 * share;
  while (isRunning && sandbox.log.storageBytes < bytes) await systemClock.sleep(2);
  await systemClock.sleep(random() * 10);
  if (!isRunning) {
    noteRun(figures, await ended);
    return true;
  }
  program.kill("SIGKILL");
  await ended;
  figures.kills++;
  await noteUnderWay(story, asked);
  // Sometimes a day passes before the next run.
  if (figures.kills % 7 === 0) sandbox.advance(DAY_MS + 1000);
  options.onProgress?.(`${figures.kills} kills, ${sandbox.log.downloadHits} hits`);
  return false;
}

/** Count the files whose links the killed run requested, and that are not done. */
async function noteUnderWay({ sandbox, folder, figures }: Story, asked: number): Promise<void> {
  const hits = sandbox.log.requests.slice(asked).filter((it) => it.route.startsWith("/api/download/"));
  const copy = await Deno.makeTempDir();
  try {
    for (const name of ["catalog.db", "catalog.db-wal"]) {
      await Deno.copyFile(join(folder, "library", ".civitai-dl", name), join(copy, name));
    }
    using catalog = openCatalog(join(copy, "catalog.db"));
    for (const target of new Set(hits.map((it) => it.target))) {
      const { pathname, searchParams } = new URL(target, sandbox.apiOrigin);
      const item = catalog.item(`file:${pathname.split("/").at(-1)}:${searchParams.get("fileId")}`);
      if (item?.state !== "done") figures.underWay++;
    }
  } finally {
    await Deno.remove(copy, { recursive: true });
  }
}
