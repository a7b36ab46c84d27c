import { ensureDir } from "@std/fs";
import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { BLOCK_BYTES } from "../../lib/base/mod.ts";
import { catalogFile, openCatalog } from "../../lib/library/mod.ts";
import type { BenchSide } from "../../lib/bench/mod.ts";
import { chartOf, ratioClaim } from "./_claims.ts";
import { GOALS, P11_SIDE, sharesOf } from "./_goals.ts";
import { ownFolder } from "./_own_folder.ts";
import { programEnv, programWords } from "./_program_words.ts";
import { runProgram } from "./_run_program.ts";
import { takeTurns } from "./_turns.ts";
import type { PeerBench, PeerTarget } from "./target.ts";

const LARGE = { count: 32, fileBytes: 64 * 2 ** 20 };
const SMALL = { count: 100_000, fileBytes: 4096 };
const FILES_IN_FOLDER = 100;
/** Processes of the peer at once, and files of each process: enough that starting them costs little. */
const PEER_WORDS = ["xargs", "-0", "-P", "2", "-n"];
const MAX_FILES_A_PROCESS = 500;

/** Wall time to read a whole library and compare each hash. */
export const readLibrary: PeerTarget = {
  id: "P11",
  title: "Reading a whole library, and comparing each hash",
  async measure(bench) {
    bench.tools.need("sha256sum");
    const count = (full: number): number => Math.max(4, Math.round(full * bench.scale));
    const large = await makeLibrary(bench, { ...LARGE, name: "p11-large", count: count(LARGE.count) });
    const small = await makeLibrary(bench, { ...SMALL, name: "p11-small", count: count(SMALL.count) });
    const runs = await takeTurns(bench, {
      id: "P11",
      sides: [
        ourSide(bench, P11_SIDE.large, large),
        peerSide(bench, P11_SIDE.largePeer, large),
        ourSide(bench, P11_SIDE.small, small),
        peerSide(bench, P11_SIDE.smallPeer, small),
      ],
    });
    return {
      runs,
      workload: `${large.count} files of ${LARGE.fileBytes} bytes, and ${small.count} files of ${SMALL.fileBytes} ` +
        "bytes, all in the page cache. Ours is the program from its start: it reads the catalog, compares SHA-256, " +
        "size and date of each file, and looks for files that belong to no item.",
      claims: GOALS.P11.map((goal) => ratioClaim(runs, goal)),
      charts: [
        chartOf(runs, { title: "Wall time", metric: "seconds", unit: "seconds", shares: sharesOf(GOALS.P11) }),
        chartOf(runs, { title: "Processor time", metric: "cpuSeconds", unit: "seconds" }),
        chartOf(runs, { title: "Peak memory", metric: "peakRssBytes", unit: "bytes" }),
      ],
      notes: ["The files have no sidecars, and no pickles that would have to be scanned."],
    };
  },
};

interface MadeLibrary {
  /** Folder that contains the library, and the list of its files for the peer. */
  readonly folder: string;
  readonly count: number;
  readonly bytes: number;
}

/** Write files of random bytes, and a catalog that has each as done. */
async function makeLibrary(
  bench: PeerBench,
  options: { readonly name: string; readonly count: number; readonly fileBytes: number },
): Promise<MadeLibrary> {
  const { name, count, fileBytes } = options;
  const folder = await ownFolder(bench, name);
  const root = join(folder, "library");
  await ensureDir(join(root, ".civitai-dl"));
  using catalog = openCatalog(catalogFile(root));
  const runId = catalog.startRun({ command: "download", engine: "stable", targets: [] });
  const paths: string[] = [];
  for (let first = 0; first < count; first += FILES_IN_FOLDER) {
    bench.signal.throwIfAborted();
    await ensureDir(join(root, `${first}`));
    catalog.transaction(() => {
      for (let id = first + 1; id <= Math.min(count, first + FILES_IN_FOLDER); id++) {
        const path = `${first}/${id}.safetensors`;
        putFile(join(root, path), { catalog, runId, id, path, fileBytes });
        paths.push(join(root, path));
      }
    });
  }
  await Deno.writeTextFile(join(folder, "paths"), paths.map((path) => `${path}\0`).join(""));
  return { folder, count, bytes: count * fileBytes };
}

interface PutOptions {
  readonly catalog: ReturnType<typeof openCatalog>;
  readonly runId: number;
  readonly id: number;
  readonly path: string;
  readonly fileBytes: number;
}

function putFile(to: string, { catalog, runId, id, path, fileBytes }: PutOptions): void {
  const content = randomBytes(fileBytes);
  Deno.writeFileSync(to, content);
  const sha256 = createHash("sha256").update(content).digest("hex");
  const key = `file:${id}:${id}`;
  const ids = { modelId: id, versionId: id, fileId: id, imageId: null };
  const source = JSON.stringify({ type: "Model", format: "SafeTensor", linkedQuery: null });
  const item = { key, kind: "file" as const, ...ids, creator: "somebody", path, sizeBytes: fileBytes, source };
  catalog.plan({ ...item, hashes: { SHA256: sha256 } }, runId);
  catalog.markDone(key, {
    sha256,
    actualBytes: fileBytes,
    mtimeMs: Deno.statSync(to).mtime!.getTime(),
    etag: null,
    outcome: "done",
    blocks: Uint32Array.from(
      { length: Math.ceil(fileBytes / BLOCK_BYTES) },
      (_, block) => crc32(content.subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES)),
    ),
  });
}

function ourSide({ signal }: PeerBench, name: string, { folder, bytes }: MadeLibrary): BenchSide {
  const command = [...programWords("scripts/verify.ts"), "--deep", "-o", "library", "--quiet"];
  // The program fails if a single file is not as its catalog says.
  return { name, run: () => runProgram(command, { cwd: folder, env: programEnv(folder), bytes, signal }) };
}

function peerSide({ signal }: PeerBench, name: string, { folder, count, bytes }: MadeLibrary): BenchSide {
  const each = Math.min(MAX_FILES_A_PROCESS, Math.ceil(count / 16));
  const command = [...PEER_WORDS, `${each}`, "-a", join(folder, "paths"), "sha256sum"];
  return { name, run: () => runProgram(command, { cwd: folder, bytes, signal }) };
}
