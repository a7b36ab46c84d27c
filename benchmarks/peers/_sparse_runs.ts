import { join } from "node:path";
import type { BenchSide, SideRuns } from "../../lib/bench/mod.ts";
import { ownFolder } from "./_own_folder.ts";
import { programEnv, programWords } from "./_program_words.ts";
import { runProgram } from "./_run_program.ts";
import { takeTurns } from "./_turns.ts";
import { startWebServer } from "./_web_server.ts";
import type { PeerBench } from "./target.ts";

/** A sparse file without any data, and the name of its side. */
export interface Sparse {
  readonly name: string;
  readonly bytes: number;
}

/** Measure the engine with sparse files, one side per size. */
export async function sparseRuns(bench: PeerBench, files: readonly Sparse[]): Promise<readonly SideRuns[]> {
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
    const sha256 = (await runProgram(["sha256sum", served], { signal: bench.signal })).stdout.slice(0, 64);
    const command = [...programWords("benchmarks/peers/transfer_one.ts"), `${server.origin}/${bytes}.bin`, sha256];
    sides.push({
      name,
      prepare: remove,
      check: remove,
      run: () =>
        runProgram([...command, path, bench.engine], {
          cwd: folder,
          env: programEnv(folder),
          bytes,
          signal: bench.signal,
        }),
    });
  }
  try {
    return await takeTurns(bench, { id: "P5", sides, warmup: 0 });
  } finally {
    // Remove it now: it may take most of the disk.
    await Deno.remove(folder, { recursive: true });
  }
}
