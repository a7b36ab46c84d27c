import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../../lib/sandbox/mod.ts";
import { downloadWords } from "./download_words.ts";
import { LibraryCheck } from "./_library_check.ts";
import { openedFiles } from "./_opened_files.ts";
import { type ProgramRun, startProgram } from "../../helpers/start_program.ts";

/** Options of {@linkcode runTwice}. */
export interface SecondRunOptions {
  readonly creators: number;
  readonly modelsPerCreator: number;
  /**
   * Second runs, each compared with the API's responses right after it, since machines vary.
   *
   * @default {1}
   */
  readonly rounds?: number | undefined;
}

/** The result of the second run. */
export interface SecondRunFigures {
  /** Model files, all fetched by the first run. */
  readonly files: number;
  readonly right: number;
  readonly firstCode: number;
  readonly firstSeconds: number;
  readonly firstPeakRssBytes: number;
  readonly secondCode: number;
  /** Hits on the download route in the second run. */
  readonly downloadHits: number;
  /** Bytes of model files that the storage sent in the second run. */
  readonly storageBytes: number;
  /** Duration of a second run, and of the same API requests alone. */
  readonly rounds: readonly { readonly secondSeconds: number; readonly apiSeconds: number }[];
  readonly apiRequests: number;
  /** Median of the difference. */
  readonly beyondApiSeconds: number;
  readonly secondPeakRssBytes: number;
  /** Model files that a traced run opened; `null` without strace. */
  readonly openedFiles: readonly string[] | null;
  readonly stderr: string;
}

const WORDS = ["--no-images", "--quiet"];

/** Fetch a library, then repeat the same command and measure it. */
export async function runTwice(options: SecondRunOptions): Promise<SecondRunFigures> {
  const { creators, modelsPerCreator } = options;
  await using sandbox = await startSandbox({
    size: { creators, modelsPerCreator },
    fileBytes: { min: 1024, max: 8192 },
    outcomes: {},
    requireLogin: 0,
    versionsPerModel: { min: 1, max: 1 },
    filesPerVersion: { min: 1, max: 1 },
    imagesPerVersion: { min: 0, max: 1 },
  });
  const folder = await Deno.makeTempDir({ prefix: "civitai-dl-twice-" });
  try {
    const first = await run(sandbox, folder);
    const state = await new LibraryCheck(sandbox, join(folder, "library")).look();
    sandbox.log.clear();
    const second = await run(sandbox, folder);
    const { downloadHits, storageBytes } = sandbox.log;
    const questions = sandbox.log.requests.filter((it) => it.host === "api").map((it) => it.target);
    const rounds = [{ secondSeconds: second.durationMs / 1000, apiSeconds: await ask(sandbox, questions) }];
    while (rounds.length < (options.rounds ?? 1)) {
      const again = await run(sandbox, folder);
      rounds.push({ secondSeconds: again.durationMs / 1000, apiSeconds: await ask(sandbox, questions) });
    }
    const beyond = rounds.map(({ secondSeconds, apiSeconds }) => secondSeconds - apiSeconds);
    const opened = await openedFiles(downloadWords(sandbox, WORDS), optionsOf(sandbox, folder));
    const modelFiles = [...state.items.values()].map((item) => join(folder, "library", item.path));
    const expected = [...sandbox.facts()].filter((fact) => fact.creator !== null);
    return {
      files: expected.length,
      right: expected.filter((fact) => state.right.has(fact.fileId)).length,
      firstCode: first.code,
      firstSeconds: first.durationMs / 1000,
      firstPeakRssBytes: first.peakRssBytes,
      secondCode: second.code,
      downloadHits,
      storageBytes,
      apiRequests: questions.length,
      rounds,
      beyondApiSeconds: beyond.toSorted((a, b) => a - b)[Math.floor(beyond.length / 2)]!,
      secondPeakRssBytes: second.peakRssBytes,
      stderr: second.stderr.slice(-500),
      openedFiles: opened === null ? null : modelFiles.filter((path) => opened.has(path)),
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function run(sandbox: Sandbox, folder: string): Promise<ProgramRun> {
  return startProgram(downloadWords(sandbox, WORDS), { ...optionsOf(sandbox, folder), isWatched: true }).ended;
}

function optionsOf(sandbox: Sandbox, folder: string): Parameters<typeof startProgram>[1] {
  const { token, apiOrigin, storageOrigin } = sandbox;
  return { folder, env: { CIVITAI_API_KEY: token }, origins: [apiOrigin, storageOrigin] };
}

/** Repeat the requests in order, and only read the responses. */
async function ask(sandbox: Sandbox, targets: readonly string[]): Promise<number> {
  const start = performance.now();
  const headers = { authorization: `Bearer ${sandbox.token}`, "user-agent": "acceptance" };
  for (const target of targets) await (await fetch(`${sandbox.apiOrigin}${target}`, { headers })).text();
  return (performance.now() - start) / 1000;
}
