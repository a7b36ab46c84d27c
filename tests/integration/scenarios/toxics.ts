import { ensureDir } from "@std/fs";
import { join } from "node:path";
import { openCatalog } from "../../../lib/library/mod.ts";
import { type FileFact, type Outcome, type Sandbox, startSandbox, type ToxicRule } from "../../../lib/sandbox/mod.ts";
import { LibraryCheck } from "./_library_check.ts";
import { type ProgramRun, startProgram } from "../../helpers/start_program.ts";

/** Options of {@linkcode runToxics}. */
export interface ToxicsOptions {
  /** Number of creators, each fetched into a library of its own by a process of its own, concurrently. */
  readonly libraries: number;
  /** Models per creator, with one file each. */
  readonly filesPerLibrary: number;
  /** The toxics. */
  readonly toxics: readonly ToxicRule[];
  readonly seed: number;
  /** Silence after which a process counts as hung. */
  readonly hangMs: number;
}

/** The result of the runs. */
export interface ToxicsFigures {
  files: number;
  /** Complete and correct files. */
  right: number;
  /** Unavailable files, reported with the outcome that the server meant. */
  readonly named: Record<string, number>;
  /** Files for which a sign-in page came, reported as such; the next run fetches them. */
  loginPages: number;
  /** Neither. */
  readonly unexpected: string[];
  /** Neither, after the same command was repeated without faults. */
  readonly unexpectedAfterSecondRun: string[];
  images: number;
  readonly wrongImages: string[];
  hangs: number;
  /** Exit codes of the runs under faults. */
  readonly exitCodes: number[];
  /** Faulty requests by fault. */
  readonly hits: Record<string, number>;
  readonly violations: number;
  readonly crashes: number;
}

/** The catalog's names for the server's outcomes; items that listings omit have no row. */
const MEANT: Readonly<Record<Outcome, readonly (string | null)[]>> = {
  ok: ["done"],
  login: ["done"],
  earlyAccess: ["early-access"],
  permanentlyPaid: ["early-access"],
  archived: ["archived", null],
  takenDown: ["removed", null],
  removed: ["removed"],
  downloadsDisabled: ["disabled"],
  noAccess: ["forbidden"],
  region: ["region"],
  staleHash: ["corrupted"],
};

/** Fetch libraries while faults occur, and compare each file with what the server meant. */
export async function runToxics(options: ToxicsOptions): Promise<ToxicsFigures> {
  const { libraries, filesPerLibrary, toxics, seed } = options;
  await using sandbox = await startSandbox({
    seed,
    size: { creators: libraries, modelsPerCreator: filesPerLibrary },
    fileBytes: { min: 2048, max: 524_288 },
    versionsPerModel: { min: 1, max: 1 },
    filesPerVersion: { min: 1, max: 1 },
    imagesPerVersion: { min: 0, max: 1 },
    galleryPerVersion: 1,
    outcomes: OUTCOMES,
  });
  for (const fact of sandbox.facts()) await fact.sha256();
  sandbox.setToxics(toxics);
  const base = await Deno.makeTempDir({ prefix: "civitai-dl-toxics-" });
  try {
    const creators = [...sandbox.catalog.creators()].map((creator) => creator.username);
    const runs = await Promise.all(
      creators.map((creator) => runWatched(sandbox, join(base, creator), creator, options)),
    );
    const figures = emptyFigures(sandbox, runs);
    for (const creator of creators) await noteFiles(figures, sandbox, join(base, creator), creator);
    sandbox.setToxics([]);
    for (const creator of creators) await noteImages(figures, join(base, creator, "library"));
    await Promise.all(creators.map((creator) => runWatched(sandbox, join(base, creator), creator, options)));
    for (const creator of creators) await noteSecondRun(figures, sandbox, join(base, creator), creator);
    return figures;
  } finally {
    await Deno.remove(base, { recursive: true });
  }
}

const OUTCOMES = {
  earlyAccess: 0.02,
  archived: 0.02,
  removed: 0.02,
  downloadsDisabled: 0.02,
  takenDown: 0.02,
  permanentlyPaid: 0.02,
  noAccess: 0.02,
  region: 0.02,
  staleHash: 0.02,
};
const WORDS = ["--previews", "1", "--gallery", "1", "--max-images", "3", "--quiet", "--verbose"];

interface WatchedRun extends ProgramRun {
  readonly hangs: boolean;
}

/** Kill a process whose log does not grow. */
async function runWatched(
  sandbox: Sandbox,
  folder: string,
  creator: string,
  options: Pick<ToxicsOptions, "hangMs">,
): Promise<WatchedRun> {
  await ensureDir(folder);
  const { apiOrigin, storageOrigin, token } = sandbox;
  const words = ["download", "--base-url", apiOrigin, "-o", "library", "--yes", "--reserve", "0", ...WORDS];
  const program = startProgram([...words, "--user", creator], {
    folder,
    env: { CIVITAI_API_KEY: token },
    origins: [apiOrigin, storageOrigin],
  });
  let hangs = false;
  let size = 0;
  let grownAt = performance.now();
  const watch = setInterval(() => {
    const now = sizeOf(join(folder, "logs", "download.log"));
    if (now !== size) {
      size = now;
      grownAt = performance.now();
    }
    if (performance.now() - grownAt < options.hangMs || hangs) return;
    hangs = true;
    program.kill("SIGKILL");
  }, 1000);
  try {
    return { ...await program.ended, hangs };
  } finally {
    clearInterval(watch);
  }
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch {
    // Not started yet.
    return 0;
  }
}

function emptyFigures(sandbox: Sandbox, runs: readonly WatchedRun[]): ToxicsFigures {
  const hits: Record<string, number> = {};
  for (const name of sandbox.log.requests.flatMap((request) => request.toxics)) hits[name] = (hits[name] ?? 0) + 1;
  return {
    files: 0,
    right: 0,
    named: {},
    loginPages: 0,
    unexpected: [],
    unexpectedAfterSecondRun: [],
    images: 0,
    wrongImages: [],
    hangs: runs.filter((run) => run.hangs).length,
    exitCodes: runs.map((run) => run.code),
    hits,
    violations: sandbox.log.violations.length,
    crashes: sandbox.log.crashes.length,
  };
}

async function noteFiles(figures: ToxicsFigures, sandbox: Sandbox, folder: string, creator: string): Promise<void> {
  const state = await new LibraryCheck(sandbox, join(folder, "library")).look();
  for (const fact of factsOf(sandbox, creator)) {
    figures.files++;
    const item = state.items.get(fact.fileId);
    const isRight = state.right.has(fact.fileId);
    const outcome = item === undefined ? null : item.state === "done" && isRight ? "done" : item.outcome;
    if (outcome === "done") figures.right++;
    const isPage = outcome === "failed" && /the server responded with a login page|not a file/.test(item?.reason ?? "");
    if (isPage && wasSignInPage(sandbox, fact)) figures.loginPages++;
    else if (!MEANT[fact.outcome].includes(outcome)) {
      figures.unexpected.push(`${item?.path ?? fact.name}: ${outcome} (${item?.reason}), meant was ${fact.outcome}`);
    } else if (outcome !== "done") figures.named[fact.outcome] = (figures.named[fact.outcome] ?? 0) + 1;
  }
  for (const problem of [...state.wrong, ...state.unreadable]) figures.unexpected.push(`${creator}: ${problem}`);
}

async function noteSecondRun(figures: ToxicsFigures, sandbox: Sandbox, folder: string, creator: string): Promise<void> {
  const state = await new LibraryCheck(sandbox, join(folder, "library")).look();
  for (const fact of factsOf(sandbox, creator)) {
    const item = state.items.get(fact.fileId);
    const outcome = state.right.has(fact.fileId) ? "done" : item?.outcome ?? null;
    if (MEANT[fact.outcome].includes(outcome)) continue;
    figures.unexpectedAfterSecondRun.push(`${item?.path ?? fact.name}: ${outcome}, meant was ${fact.outcome}`);
  }
}

function factsOf(sandbox: Sandbox, creator: string): readonly FileFact[] {
  return [...sandbox.facts()].filter((fact) => fact.creator === creator);
}

function wasSignInPage(sandbox: Sandbox, fact: FileFact): boolean {
  const path = `/api/download/models/${fact.versionId}`;
  return sandbox.log.requests.some((it) => it.target.startsWith(path) && it.toxics.includes("loginHtml"));
}

/** Images have no published hash: they are compared with what the server sends without faults. */
async function noteImages(figures: ToxicsFigures, root: string): Promise<void> {
  using catalog = openCatalog(join(root, ".civitai-dl", "catalog.db"), { readOnly: true });
  for (const item of catalog.items({ kinds: ["preview", "gallery", "image"] })) {
    figures.images++;
    const right = new Uint8Array(await (await fetch(item.source!)).arrayBuffer());
    const actual = item.state === "done" ? await Deno.readFile(join(root, item.path)) : null;
    if (actual !== null && actual.length === right.length && actual.every((byte, at) => byte === right[at])) continue;
    figures.wrongImages.push(`${item.path}: ${item.state} ${item.reason ?? ""}`);
  }
}
