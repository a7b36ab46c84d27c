import { ensureDir } from "@std/fs";
import { dirname, join } from "node:path";
import { crc32 } from "node:zlib";
import { systemClock } from "../../lib/base/mod.ts";
import { createClient } from "../../lib/civitai/mod.ts";
import {
  type Choice,
  DEFAULT_CHOICE,
  type Library,
  openLibrary,
  PlanReport,
  planTargets,
  ServiceWatch,
  writeItemSidecars,
} from "../../lib/downloader/mod.ts";
import { type CatalogItem, readForgotten } from "../../lib/library/mod.ts";
import type { Sandbox, SandboxOptions } from "../../lib/sandbox/mod.ts";

/** Average number of files of a model: 1 to 4 versions of 1 or 2 files. */
const FILES_PER_MODEL = 3.75;
const MODELS_PER_CREATOR = 20;
/** Sidecars that are stored in one transaction. */
const BATCH = 64;
const BLOCK_BYTES = 16 * 1024 ** 2;

const CHOICE: Choice = { ...DEFAULT_CHOICE, files: ["all"], previews: 0, gallery: 0, maxImages: 0 };

/** A sandbox whose models have about the given number of files. */
export function sandboxOfRows(rows: number): SandboxOptions {
  const models = Math.ceil(rows / FILES_PER_MODEL);
  const creators = Math.max(1, Math.ceil(models / MODELS_PER_CREATOR));
  return {
    size: { creators, modelsPerCreator: Math.ceil(models / creators) },
    versionsPerModel: { min: 1, max: 4 },
    filesPerVersion: { min: 1, max: 2 },
    galleryPerVersion: 0,
    fileBytes: { min: 1024, max: 4096 },
    outcomes: {},
    requireLogin: 0,
  };
}

/** A sandbox of some large files. */
export function sandboxOfLargeFiles(count: number, sizeBytes: number): SandboxOptions {
  return {
    ...sandboxOfRows(0),
    size: { creators: 1, modelsPerCreator: count },
    versionsPerModel: { min: 1, max: 1 },
    filesPerVersion: { min: 1, max: 1 },
    fileBytes: { min: sizeBytes, max: sizeBytes },
  };
}

/** The content of a library. */
export interface MadeLibrary {
  readonly files: number;
  readonly models: number;
  /** A name that few of its models have. */
  readonly word: string;
  /** Absolute paths of its model files. */
  readonly paths: readonly string[];
}

/**
 * Create a library like `download`: planned from the sandbox's listing by the client with its cache, each file with its
 * true bytes, hashes and blocks, sidecars by the same code. Only the transfer is skipped.
 *
 * @param sandbox The models to copy
 * @param root Its folder
 * @returns Its content
 */
export async function makeLibrary(sandbox: Sandbox, root: string): Promise<MadeLibrary> {
  using library = await openLibrary(root, { command: "download" });
  const runId = await plan(sandbox, library);
  const { catalog } = library;
  const paths: string[] = [];
  const models = new Set<number>();
  let batch: CatalogItem[] = [];
  for (const item of catalog.items({ kinds: ["file"], states: ["planned"] })) {
    const path = join(root, item.path);
    await putFile(sandbox, library, item);
    paths.push(path);
    models.add(item.modelId!);
    batch.push(catalog.item(item.key)!);
    if (batch.length < BATCH) continue;
    await writeItemSidecars(library, batch, { hasVersionFolders: true, durable: false });
    batch = [];
  }
  await writeItemSidecars(library, batch, { hasVersionFolders: true, durable: false });
  const word = catalog.model(Math.max(...models))!.name.split(" ").at(-1)!;
  catalog.endRun(runId, null);
  return { files: paths.length, models: models.size, word, paths };
}

async function plan(sandbox: Sandbox, library: Library): Promise<number> {
  const { apiOrigin: baseUrl, token } = sandbox;
  const rates = { modelRate: Infinity, imageRate: Infinity, downloadRate: Infinity };
  const client = createClient({ baseUrl, token, cache: library.catalog.responses, ...rates });
  const runId = library.catalog.startRun({ command: "download", engine: "turbo", targets: null });
  const report = new PlanReport();
  const { signal } = new AbortController();
  const service = new ServiceWatch(client);
  const limits = { retries: undefined, concurrency: 1, pace: undefined };
  const forgotten = readForgotten(library.catalog);
  const settled = { library, client, choice: CHOICE, forgotten, runId, report, service };
  const context = { ...settled, ...limits, clock: systemClock, signal };
  const targets = [{ type: "search" as const, query: { sort: "Oldest" as const, nsfw: true } }];
  await planTargets({ ...context, onEvent: () => {} }, targets);
  const [problem] = report.data().problems;
  if (problem !== undefined) throw new Error(`Cannot plan the library: ${problem.message}`);
  return runId;
}

async function putFile(sandbox: Sandbox, { root, catalog }: Library, item: CatalogItem): Promise<void> {
  const path = join(root, item.path);
  await ensureDir(dirname(path));
  const blocks: number[] = [];
  const { sizeBytes } = sandbox.catalog.file(item.fileId!)!;
  using file = await Deno.open(path, { write: true, create: true, truncate: true });
  for (let at = 0; at < sizeBytes; at += BLOCK_BYTES) {
    const bytes = sandbox.bytesOf(item.fileId!, at, Math.min(sizeBytes, at + BLOCK_BYTES));
    blocks.push(crc32(bytes));
    for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
  }
  catalog.markDone(item.key, {
    sha256: (await sandbox.sha256Of(item.fileId!)).toLowerCase(),
    actualBytes: sizeBytes,
    mtimeMs: (await file.stat()).mtime!.getTime(),
    etag: `"${item.fileId}"`,
    outcome: "done",
    blocks: Uint32Array.from(blocks),
  });
}
