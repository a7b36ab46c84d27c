import { createHash } from "node:crypto";
import { join } from "node:path";
import { type FileFact, type Sandbox, startSandbox } from "../../../lib/sandbox/mod.ts";
import { downloadWords } from "./download_words.ts";
import { LibraryCheck } from "./_library_check.ts";
import { type Nginx, startNginx } from "./_nginx.ts";
import { sha256Of } from "../../helpers/sha256_of.ts";
import { startProgram } from "../../helpers/start_program.ts";

/** Options of {@linkcode fetchLargeLibrary}. */
export interface LargeLibraryOptions {
  readonly models: number;
  readonly largestBytes: number;
  /** Maximum size of the other files. */
  readonly otherBytes: number;
}

/** The result of the fetch. */
export interface LargeLibraryFigures {
  readonly files: number;
  readonly right: number;
  readonly largestBytes: number;
  readonly libraryBytes: number;
  /** SHA-256 over id and SHA-256 of every file that nginx serves. */
  readonly sourceTree: string;
  /** The same for the library. */
  readonly libraryTree: string;
  readonly code: number;
  readonly stderr: string;
  readonly peakRssBytes: number;
  readonly seconds: number;
  /** Requests that sent the key to nginx. */
  readonly authorizations: number;
}

/** Fetch a library whose storage is a real web server, and compare the trees. */
export async function fetchLargeLibrary(options: LargeLibraryOptions): Promise<LargeLibraryFigures> {
  const base = await Deno.makeTempDir({ prefix: "civitai-dl-large-" });
  try {
    await using nginx = await startNginx(base);
    return await fetchFrom(nginx, base, options);
  } finally {
    await Deno.remove(base, { recursive: true });
  }
}

async function fetchFrom(nginx: Nginx, base: string, options: LargeLibraryOptions): Promise<LargeLibraryFigures> {
  const { models, largestBytes, otherBytes } = options;
  await using sandbox = await startSandbox({
    size: { creators: 1, modelsPerCreator: models },
    fileSizes: [largestBytes],
    fileBytes: { min: 1024, max: otherBytes },
    storageOrigin: nginx.origin,
    outcomes: {},
  });
  // Models without an owner are in no creator's listing.
  const facts = [...sandbox.facts()].filter((fact) => fact.creator !== null);
  await sandbox.exportFiles(nginx.root, facts.map((fact) => fact.fileId));
  for (const fact of facts) await fact.sha256();
  const folder = await Deno.makeTempDir({ dir: base });
  const words = downloadWords(sandbox, ["--files", "all", "--previews", "1", "--gallery", "1", "--max-images", "5"]);
  const run = await startProgram([...words, "--quiet"], {
    folder,
    env: { CIVITAI_API_KEY: sandbox.token },
    isWatched: true,
    origins: [sandbox.apiOrigin, sandbox.imageOrigin, nginx.origin],
  }).ended;
  const root = join(folder, "library");
  const state = await new LibraryCheck(sandbox, root).look();
  const authorizations = (await nginx.authorizations()).filter((line) => line !== "-").length;
  return {
    files: facts.length,
    right: state.right.size,
    code: run.code,
    stderr: run.stderr.slice(-500),
    largestBytes: Math.max(...facts.map((fact) => fact.sizeBytes)),
    libraryBytes: facts.reduce((sum, fact) => sum + fact.sizeBytes, 0),
    sourceTree: await treeOf(facts, (fact) => join(nginx.root, storagePathOf(sandbox, fact))),
    libraryTree: await treeOf(facts, (fact) => join(root, state.items.get(fact.fileId)?.path ?? "missing")),
    peakRssBytes: run.peakRssBytes,
    seconds: run.durationMs / 1000,
    authorizations,
  };
}

function storagePathOf(sandbox: Sandbox, fact: FileFact): string {
  return sandbox.catalog.file(fact.fileId)!.storagePath;
}

async function treeOf(facts: readonly FileFact[], pathOf: (fact: FileFact) => string): Promise<string> {
  const tree = createHash("sha256");
  for (const fact of facts) {
    const sha256 = await sha256Of(pathOf(fact)).catch((error) => String(error));
    tree.update(`${fact.fileId} ${sha256}\n`);
  }
  return tree.digest("hex");
}
