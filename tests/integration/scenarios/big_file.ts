import { join } from "node:path";
import { ownFolder } from "../../../benchmarks/peers/_own_folder.ts";
import { programEnv, programWords } from "../../../benchmarks/peers/_program_words.ts";
import { runProgram } from "../../../benchmarks/peers/_run_program.ts";
import { startWebServer } from "../../../benchmarks/peers/_web_server.ts";
import { formatSize } from "../../../lib/base/mod.ts";
import { killAndResume, type KillFigures } from "./_big_file_kills.ts";
import { makePeerBench, type OwnPeerBench } from "./_peer_bench.ts";

/** Options of {@linkcode fetchBigFile}. */
export interface BigFileOptions {
  readonly bytes: number;
  /** Size of the file for the comparison of memory. */
  readonly smallBytes: number;
  readonly kills: number;
  /** Rate of one connection in every other killed run, in nginx's notation. */
  readonly limitRate: string;
  readonly seed: number;
  /** Called with progress. */
  readonly onProgress?: ((text: string) => void) | undefined;
}

/** Resources of the program's engine. */
export interface BigFileFigures extends KillFigures {
  /** Peak of resident memory for each run. */
  readonly smallRssBytes: readonly number[];
  readonly bigRssBytes: readonly number[];
  readonly seconds: readonly number[];
}

const SMALL_RUNS = 3;

/**
 * Fetch sparse files from nginx by turbo, each run a process with the program's permissions and flags: a smaller and a
 * big one whole, then the big one again, killed by SIGKILL at random places and resumed each time.
 */
export async function fetchBigFile(options: BigFileOptions): Promise<BigFileFigures> {
  const { bytes, smallBytes, limitRate, onProgress } = options;
  await using bench = await makePeerBench({ onProgress });
  bench.tools.need("nginx", "sha256sum");
  const root = await ownFolder(bench, "www");
  const folder = await ownFolder(bench, "out");
  await using server = await startWebServer(bench, {
    root,
    listen: "sndbuf=512k",
    // Whether connections are limited can change from run to run, under the same URL.
    server: `if (-f ${join(root, "limited")}) { set $limit_rate ${limitRate}; }
    location = /status { stub_status; access_log off; }`,
  });
  const small = await sparseFile(bench, root, smallBytes);
  const big = await sparseFile(bench, root, bytes);
  const path = join(folder, "out.bin");
  const wordsOf = (file: SparseFile): readonly string[] => [
    ...programWords("benchmarks/peers/transfer_one.ts"),
    ...[`${server.origin}/${file.name}`, file.sha256, path, bench.engine],
  ];
  const process = { cwd: folder, env: programEnv(folder), signal: bench.signal };
  const runWhole = async (file: SparseFile): Promise<{ readonly rss: number; readonly seconds: number }> => {
    const run = await runProgram(wordsOf(file), { ...process, bytes: file.bytes });
    // At once: it may take most of the disk.
    await Deno.remove(path);
    bench.onProgress(
      `${formatSize(file.bytes)}: ${run.seconds.toFixed(1)} s, at most ${formatSize(run.peakRssBytes ?? 0)}`,
    );
    return { rss: run.peakRssBytes ?? 0, seconds: run.seconds };
  };
  const smallRuns = [];
  for (let count = 0; count < SMALL_RUNS; count++) smallRuns.push(await runWhole(small));
  const bigRun = await runWhole(big);
  const killed = await killAndResume({
    words: wordsOf(big),
    process,
    path,
    bytes,
    server,
    kills: options.kills,
    seed: options.seed,
    limitedFlag: join(root, "limited"),
    tell: bench.onProgress,
  });
  return {
    ...killed,
    smallRssBytes: smallRuns.map((run) => run.rss),
    bigRssBytes: [bigRun.rss, killed.lastRssBytes],
    seconds: [...smallRuns, bigRun].map((run) => run.seconds),
  };
}

interface SparseFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

async function sparseFile(bench: OwnPeerBench, root: string, bytes: number): Promise<SparseFile> {
  const name = `${bytes}.bin`;
  await Deno.writeFile(join(root, name), new Uint8Array());
  await Deno.truncate(join(root, name), bytes);
  bench.onProgress(`Hashing ${formatSize(bytes)}`);
  const { stdout } = await runProgram(["sha256sum", join(root, name)], { signal: bench.signal });
  return { name, bytes, sha256: stdout.slice(0, 64) };
}
