import { join } from "node:path";
import type { BenchSide } from "../../lib/bench/mod.ts";
import { ownFolder } from "./_own_folder.ts";
import { type ServedFile, servedFolder } from "./_random_file.ts";
import { runProgram } from "./_run_program.ts";
import type { PeerBench } from "./target.ts";

/** The sides that do a part of the work alone, without a network. */
export const LIMIT_SIDE = {
  written: "dd, flushed to disk",
  hashed: "sha256sum",
} as const;

/** The slower of these parts, with which no downloader can be done sooner. */
export const LIMIT = "the slower of dd and sha256sum";

/** Build the sides that show how fast this machine writes the file, and how fast it hashes it. */
export async function machineLimit(bench: PeerBench, file: ServedFile): Promise<readonly BenchSide[]> {
  const source = join(await servedFolder(bench), file.name);
  const path = join(await ownFolder(bench, "limit"), "out.bin");
  const options = { bytes: file.bytes, signal: bench.signal };
  const dd = ["dd", `if=${source}`, `of=${path}`, "bs=1M", "conv=fsync", "status=none"];
  return [
    { name: LIMIT_SIDE.written, run: () => runProgram(dd, options), check: () => Deno.remove(path) },
    { name: LIMIT_SIDE.hashed, run: () => runProgram(["sha256sum", source], options) },
  ];
}
