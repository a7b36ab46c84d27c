import { ensureDir } from "@std/fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { formatSize, freeSpace } from "../../lib/base/mod.ts";
import type { BenchSide, SideRuns } from "../../lib/bench/mod.ts";
import { openCatalog } from "../../lib/library/mod.ts";
import type { ReportedCriterion } from "../../lib/report/mod.ts";
import { chartOf, medianCriterion, ratioCriterion } from "./_criteria.ts";
import { ownFolder } from "./_own_folder.ts";
import { programEnv, programWords } from "./_program_words.ts";
import { runWords } from "./_run_words.ts";
import { checkDone, QUIET_WORDS } from "./_sandbox_library.ts";
import { takeTurns } from "./_turns.ts";
import { startWebServer } from "./_web_server.ts";
import type { PeerBench, PeerTarget } from "./target.ts";

const GIB = 2 ** 30;
const LIMIT_BYTES = 160e6;
const TINY_BYTES = 1024;
const ROWS = 100_000;
/** Disk that is left alone. */
const RESERVE_BYTES = 2 * GIB;

/** Memory that does not grow with what is done. */
export const p5: PeerTarget = {
  id: "P5",
  title: "Memory of a large file and of a long queue",
  async measure(bench) {
    const notes: string[] = [];
    const [small, large] = [bench.scale * 2 * GIB, bench.scale * 20 * GIB].map(Math.round) as [number, number];
    const hasRoom = await freeSpace(bench.folder) > large + RESERVE_BYTES;
    if (!hasRoom) notes.push(`There is no room for ${formatSize(large)} and ${formatSize(RESERVE_BYTES)} to spare.`);
    const nameOf = (bytes: number) => `ours, ${formatSize(bytes)}`;
    const files = await fileRuns(
      bench,
      (hasRoom ? [small, large] : [small]).map((bytes) => ({ name: nameOf(bytes), bytes })),
    );
    const rows = Math.max(100, Math.round(ROWS * bench.scale));
    const queueName = `ours, queue of ${rows}`;
    const queue = await queueRuns(bench, { name: queueName, rows });
    const runs = [...files, ...queue];
    const peak = (name: string): ReportedCriterion =>
      medianCriterion(runs, {
        of: name,
        metric: "peakRssBytes",
        unit: "bytes",
        limit: LIMIT_BYTES,
        what: `${name}, peak`,
      });
    const ratio = { of: nameOf(large), to: nameOf(small), metric: "peakRssBytes" };
    return {
      workload:
        `A sparse file of ${formatSize(small)} and one of ${formatSize(large)} from nginx on loopback by profile ` +
        `${bench.engine}, and the program going through a queue of ${rows} files of a KiB. Peak resident memory.`,
      criteria: [
        ...[small, large].map((bytes) => peak(nameOf(bytes))),
        ratioCriterion(runs, { ...ratio, limit: 1.1 }),
        ratioCriterion(runs, { ...ratio, limit: 0.9, direction: "at least" }),
        peak(queueName),
      ],
      charts: [
        chartOf(runs, {
          ...{ title: "Peak memory", metric: "peakRssBytes", unit: "bytes" },
          limits: [{ label: "limit", value: LIMIT_BYTES }],
        }),
        chartOf(runs, { title: "Wall time", metric: "seconds", unit: "seconds" }),
      ],
      notes: [...notes, "The queue is gone through once, without flushing; its rows have no sidecars."],
    };
  },
};

interface Sparse {
  readonly name: string;
  readonly bytes: number;
}

async function fileRuns(bench: PeerBench, files: readonly Sparse[]): Promise<readonly SideRuns[]> {
  const folder = await ownFolder(bench, "p5");
  const root = await ownFolder(bench, "p5-www");
  await using server = await startWebServer(bench, { root });
  const path = join(folder, "out.bin");
  const remove = () => Deno.remove(path).catch(() => {});
  const sides: BenchSide[] = [];
  for (const { name, bytes } of files) {
    const served = join(root, `${bytes}.bin`);
    await Deno.writeFile(served, new Uint8Array());
    await Deno.truncate(served, bytes);
    const sha256 = (await runWords(["sha256sum", served], { signal: bench.signal })).stdout.slice(0, 64);
    const words = [...programWords("benchmarks/peers/transfer_one.ts"), `${server.origin}/${bytes}.bin`, sha256];
    sides.push({
      ...{ name, prepare: remove, check: remove },
      run: () =>
        runWords([...words, path, bench.engine], { cwd: folder, env: programEnv(folder), bytes, signal: bench.signal }),
    });
  }
  try {
    return await takeTurns(bench, { id: "P5", sides, warmup: 0 });
  } finally {
    // At once: it may be most of the disk.
    await Deno.remove(folder, { recursive: true });
  }
}

async function queueRuns(
  bench: PeerBench,
  wish: { readonly name: string; readonly rows: number },
): Promise<readonly SideRuns[]> {
  const { name, rows } = wish;
  const root = await ownFolder(bench, "p5-tiny");
  const content = new Uint8Array(TINY_BYTES).map((_, index) => index % 251);
  await Deno.writeFile(join(root, "tiny.bin"), content);
  const route = "location /api/download/ { return 302 http://$http_host/tiny.bin; }";
  await using server = await startWebServer(bench, { root, server: route });
  const folder = await ownFolder(bench, "p5-queue");
  await planRows(join(folder, "library"), rows, createHash("sha256").update(content).digest("hex"));
  const words = ["--base-url", server.origin, ...QUIET_WORDS, "--no-fsync", "--engine", bench.engine];
  const side: BenchSide = {
    name,
    run: () =>
      runWords([...programWords("scripts/download.ts"), ...words], {
        ...{ cwd: folder, env: programEnv(folder), signal: bench.signal },
      }),
    check: () => Promise.resolve(checkDone(folder, rows)),
  };
  try {
    return await takeTurns(bench, { id: "P5", sides: [side], runs: 1, warmup: 0 });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Write the queue as planning would have left it. */
async function planRows(library: string, rows: number, sha256: string): Promise<void> {
  await ensureDir(join(library, ".civitai-dl"));
  using catalog = openCatalog(join(library, ".civitai-dl", "catalog.db"));
  const runId = catalog.startRun({ command: "download", engine: "stable", targets: [] });
  catalog.transaction(() => {
    for (let id = 1; id <= rows; id++) {
      catalog.plan({
        ...{ key: `file:${id}:${id}`, kind: "file", modelId: id, versionId: id, fileId: id, imageId: null },
        ...{ creator: "somebody", path: `${id % 1000}/${id}.bin`, sizeBytes: TINY_BYTES, hashes: { SHA256: sha256 } },
        source: JSON.stringify({ type: "Model", format: "Other", linkedQuery: null }),
      }, runId);
    }
  });
}
