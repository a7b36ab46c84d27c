import { formatSize } from "../../lib/base/mod.ts";
import type { BenchSide } from "../../lib/bench/mod.ts";
import { chartOf, ratioCriterion } from "./_criteria.ts";
import { startOwnedSandbox } from "./_owned_sandbox.ts";
import { ownFolder } from "./_own_folder.ts";
import { programEnv, programWords } from "./_program_words.ts";
import { runProgram } from "./_run_program.ts";
import { checkDone, QUIET_WORDS, removeLibrary, userWords } from "./_sandbox_library.ts";
import { takeTurns } from "./_turns.ts";
import type { PeerTarget } from "./target.ts";

const SEED = 9;
const FILES = 300;
const LARGEST = 200_000_000;
const LATENCY_MS = 80;
const BYTES_PER_SECOND = 20_000_000;
const PROFILES = ["stable", "parallel", "turbo"];

/** Wall time for a whole library, over a line with realistic latency and bandwidth. */
export const p9: PeerTarget = {
  id: "P9",
  title: "A whole library with latency and a cap on each connection",
  async measure(bench) {
    const names = PROFILES.filter((name) => bench.engines.includes(name));
    const count = Math.max(4, Math.round(FILES * bench.scale));
    await using owned = await startOwnedSandbox(count, {
      seed: SEED,
      fileBytes: { min: 1024, max: Math.max(2048, Math.round(LARGEST * bench.scale)) },
      toxics: [{ type: "latency", ms: LATENCY_MS }, { type: "bandwidth", bytesPerSecond: BYTES_PER_SECOND }],
    });
    const { sandbox, facts } = owned;
    const bytes = facts.reduce((sum, fact) => sum + fact.sizeBytes, 0);
    bench.onProgress(`P9: hashing ${formatSize(bytes)} for the listings`);
    for (const fact of facts) await fact.sha256();
    const folder = await ownFolder(bench, "p9");
    const command = [...programWords("scripts/download.ts"), "--base-url", sandbox.apiOrigin, ...QUIET_WORDS];
    const env = { ...programEnv(folder), CIVITAI_API_KEY: sandbox.token };
    const sides = names.map((name): BenchSide => ({
      name: `ours, ${name}`,
      prepare: () => removeLibrary(folder),
      run: () =>
        runProgram([...command, "--engine", name, ...userWords(sandbox)], {
          cwd: folder,
          env,
          bytes,
          signal: bench.signal,
        }),
      async check() {
        checkDone(folder, facts.length);
        await removeLibrary(folder);
      },
    }));
    const runs = await takeTurns(bench, { id: "P9", sides });
    const faster = (name: string, limit: number) =>
      ratioCriterion(runs, {
        of: "ours, stable",
        to: `ours, ${name}`,
        direction: "at least",
        limit,
        what: `stable / ${name}, wall time`,
      });
    return {
      runs,
      workload:
        `${facts.length} files of 1 KiB to ${formatSize(LARGEST * bench.scale)}, ${formatSize(bytes)} together, ` +
        `spread evenly over their magnitudes (seed ${SEED}), from the built-in sandbox: ${LATENCY_MS} ms before each ` +
        "answer, 20 MB/s on each connection. Planning, fetching, verifying, catalog and sidecars.",
      criteria: [faster("turbo", 2), faster("parallel", 1.2)],
      charts: [
        chartOf(runs, { title: "Wall time", metric: "seconds", unit: "seconds" }),
        chartOf(runs, { title: "Peak memory", metric: "peakRssBytes", unit: "bytes" }),
      ],
      notes: PROFILES.filter((name) => !names.includes(name)).map((name) => `There is no profile "${name}" yet.`),
    };
  },
};
