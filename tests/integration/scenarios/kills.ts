import { ensureDir } from "@std/fs";
import { join } from "node:path";
import { type Random, seededRandom, systemClock } from "../../../lib/base/mod.ts";
import { type FileFact, type Sandbox, startSandbox } from "../../../lib/sandbox/mod.ts";
import { downloadWords } from "./download_words.ts";
import { LibraryCheck, type LibraryState } from "./_library_check.ts";
import { startProgram } from "../../helpers/start_program.ts";

/** Options of {@linkcode runKills}. */
export interface KillOptions {
  /** Number of killed runs. */
  readonly kills: number;
  /** Approximate number of kills per library; then the next one starts empty. */
  readonly killsPerLibrary: number;
  /** Sizes of the model files. */
  readonly fileSizes: readonly number[];
  /** Speed of the storage, so that most random moments are within a file. */
  readonly bytesPerSecond: number;
  /** Seed of the moments. */
  readonly seed: number;
  /** Called with progress. */
  readonly onProgress?: (text: string) => void;
}

/** The result of the kills. */
export interface KillFigures {
  kills: number;
  /** Kills that left a part file behind. */
  killsInsideFile: number;
  /** Libraries that were completed. */
  libraries: number;
  /** Correct model files of all finished libraries. */
  rightFiles: number;
  /** Files that were missing or wrong when a run reported success. */
  wrongAtEnd: number;
  /** Wrong bytes at a final name right after a kill. */
  wrongAfterKill: number;
  /** Unreadable catalogs and journals. */
  unreadable: number;
  /** Part, journal and temporary files in complete libraries. */
  leftovers: number;
  /** Runs that were not killed and did not exit with 0. */
  failedRuns: number;
  libraryBytes: number;
  servedBytes: number;
  /** The first few problems. */
  readonly notes: string[];
}

interface Story {
  readonly options: KillOptions;
  readonly sandbox: Sandbox;
  /** Every file in a creator's listing. */
  readonly facts: readonly FileFact[];
  /** Folders of the libraries, in order. */
  readonly base: string;
  readonly random: Random;
  readonly figures: KillFigures;
  /** Milliseconds from start to the first byte, as last measured. */
  startMs: number;
}

/** Kill runs at random moments, let the next one resume, and compare with the truth after each. */
export async function runKills(options: KillOptions): Promise<KillFigures> {
  const { fileSizes, bytesPerSecond, seed } = options;
  await using sandbox = await startSandbox({
    seed,
    size: { creators: 1, modelsPerCreator: fileSizes.length },
    fileSizes,
    outcomes: {},
    versionsPerModel: { min: 1, max: 1 },
    filesPerVersion: { min: 1, max: 1 },
    toxics: [{ type: "bandwidth", bytesPerSecond }],
  });
  // Models without an owner are in no creator's listing.
  const facts = [...sandbox.facts()].filter((fact) => fact.creator !== null);
  for (const fact of facts) await fact.sha256();
  const base = await Deno.makeTempDir({ prefix: "civitai-dl-kills-" });
  const story: Story = {
    options,
    sandbox,
    facts,
    base,
    random: seededRandom(seed),
    startMs: 500,
    figures: {
      kills: 0,
      killsInsideFile: 0,
      libraries: 0,
      rightFiles: 0,
      wrongAtEnd: 0,
      wrongAfterKill: 0,
      unreadable: 0,
      leftovers: 0,
      failedRuns: 0,
      libraryBytes: 0,
      servedBytes: 0,
      notes: [],
    },
  };
  try {
    while (story.figures.kills < options.kills) await fillOneLibrary(story);
  } finally {
    await Deno.remove(base, { recursive: true });
  }
  story.figures.servedBytes = sandbox.log.storageBytes;
  return story.figures;
}

async function fillOneLibrary(story: Story): Promise<void> {
  const { options, figures, sandbox } = story;
  const folder = folderOf(story);
  await ensureDir(folder);
  const check = new LibraryCheck(sandbox, join(folder, "library"));
  const servedBefore = sandbox.log.storageBytes;
  for (let kill = 0; kill < options.killsPerLibrary && figures.kills < options.kills; kill++) {
    const left = bytesOf(story.facts) - (sandbox.log.storageBytes - servedBefore);
    // On average the remaining runs share the remaining work, so that each has some.
    const shareMs = Math.max(0, left) / options.bytesPerSecond / (options.killsPerLibrary - kill) * 1000;
    if (await runAndKill(story, momentOf(story, shareMs))) break;
    figures.kills++;
    noteKill(story, await check.look());
  }
  const last = await startProgram(downloadWords(sandbox, WORDS), childOptions(story)).ended;
  if (last.code !== 0) {
    figures.failedRuns++;
    figures.notes.push(`run ended with ${last.code}: ${last.stderr.slice(-300)}`);
  }
  noteEnd(story, await check.look());
  await Deno.remove(folder, { recursive: true });
  options.onProgress?.(`${figures.kills} kills, ${figures.libraries} libraries, startMs ${Math.round(story.startMs)}`);
}

function folderOf(story: Story): string {
  return join(story.base, `${story.figures.libraries + 1}`);
}

const WORDS = ["--no-images", "--quiet"];

function childOptions(story: Story): Parameters<typeof startProgram>[1] {
  const { token, apiOrigin, storageOrigin } = story.sandbox;
  return { folder: folderOf(story), env: { CIVITAI_API_KEY: token }, origins: [apiOrigin, storageOrigin] };
}

/** One kill in six hits the start of the program; the others hit its work. */
function momentOf(story: Story, shareMs: number): number {
  const { random, startMs } = story;
  const isEarly = random() < 1 / 6;
  return isEarly ? random() * startMs : startMs + random() * 2 * shareMs;
}

/** Whether the program ended by itself before the moment. */
async function runAndKill(story: Story, afterMs: number): Promise<boolean> {
  const { sandbox } = story;
  const start = performance.now();
  const servedBefore = sandbox.log.storageBytes;
  const program = startProgram(downloadWords(sandbox, WORDS), childOptions(story));
  let isRunning = true;
  const ended = program.ended.then((run) => {
    isRunning = false;
    return run;
  });
  let hasBegun = false;
  while (isRunning && performance.now() - start < afterMs) {
    if (!hasBegun && sandbox.log.storageBytes > servedBefore) {
      hasBegun = true;
      story.startMs = performance.now() - start;
    }
    await systemClock.sleep(Math.min(10, afterMs));
  }
  const endedItself = !isRunning;
  if (!endedItself) program.kill("SIGKILL");
  const { code, stderr } = await ended;
  if (endedItself && code !== 0) {
    story.figures.failedRuns++;
    story.figures.notes.push(`run ended by itself with ${code}: ${stderr.slice(-300)}`);
  }
  return endedItself;
}

function noteKill(story: Story, state: LibraryState): void {
  const { figures } = story;
  if (state.parts > 0) figures.killsInsideFile++;
  figures.wrongAfterKill += state.wrong.length;
  figures.unreadable += state.unreadable.length;
  for (const problem of [...state.wrong, ...state.unreadable]) {
    figures.notes.push(`after kill ${figures.kills}: ${problem}`);
  }
}

function noteEnd(story: Story, state: LibraryState): void {
  const { figures, facts } = story;
  const missing = facts.filter((fact) => !state.right.has(fact.fileId));
  figures.libraries++;
  figures.rightFiles += state.right.size;
  figures.wrongAtEnd += missing.length;
  figures.unreadable += state.unreadable.length;
  figures.leftovers += state.leftovers.length + state.parts;
  figures.libraryBytes += bytesOf(facts);
  for (
    const problem of [
      ...missing.map((fact) => `${fact.name} is missing`),
      ...state.wrong,
      ...state.unreadable,
      ...state.leftovers,
    ]
  ) {
    figures.notes.push(`in library ${figures.libraries}: ${problem}`);
  }
}

function bytesOf(facts: readonly FileFact[]): number {
  return facts.reduce((sum, fact) => sum + fact.sizeBytes, 0);
}
