import { exists } from "@std/fs";
import { join } from "node:path";
import { formatSize, KitError, seededRandom, systemClock } from "../../lib/base/mod.ts";
import type { Sample } from "../../lib/bench/mod.ts";
import { chartOf, countCriterion } from "./_criteria.ts";
import { ownFolder } from "./_own_folder.ts";
import { programEnv, programWords } from "./_program_words.ts";
import { randomFile, servedFolder } from "./_random_file.ts";
import { runProgram } from "./_run_program.ts";
import { takeTurns } from "./_turns.ts";
import { startWebServer } from "./_web_server.ts";
import type { PeerTarget } from "./target.ts";

const SEED = 10;
/** A kill and a resume together take as long as one run, so more of them are affordable. */
const RUNS_FACTOR = 4;
const MIB = 2 ** 20;

/** Bytes that are sent twice because of a kill. */
export const p10: PeerTarget = {
  id: "P10",
  title: "Resume after a kill at a random moment",
  async measure(bench) {
    const file = await randomFile(bench, Math.round(bench.scale * 2 ** 31));
    await using server = await startWebServer(bench, { root: await servedFolder(bench), listen: "sndbuf=512k" });
    const folder = await ownFolder(bench, "p10");
    const path = join(folder, "out.bin");
    const script = programWords("benchmarks/peers/transfer_one.ts");
    const command = [...script, `${server.origin}/${file.name}`, file.sha256, path, bench.engine];
    const options = { cwd: folder, env: programEnv(folder), signal: bench.signal, bytes: file.bytes };
    const random = seededRandom(SEED);
    const whole = await runProgram(command, options);
    const resume = async (): Promise<Sample> => {
      for (let attempt = 0; attempt < 20; attempt++) {
        await Deno.remove(path).catch(() => {});
        await server.takeRequests();
        const afterMs = whole.seconds * 1000 * (0.1 + 0.85 * random());
        // A file that has its final name is complete, and cannot be resumed.
        if (!await runAndKill(command, { ...options, afterMs }) || await exists(path)) continue;
        const run = await runProgram(command, options);
        const sent = (await server.takeRequests()).reduce((sum, request) => sum + request.sentBytes, 0);
        const figures = {
          refetchedBytes: Math.max(0, sent - file.bytes),
          resumedBytes: JSON.parse(run.stdout).resumedBytes,
        };
        return { ...run, figures };
      }
      throw new KitError("inconclusive", "Cannot kill a run: each ended before the moment of the kill");
    };
    const sides = [{ name: "ours, killed and resumed", run: resume }];
    const runs = await takeTurns(bench, { id: "P10", sides, runs: bench.runs * RUNS_FACTOR, warmup: 0 });
    await Deno.remove(folder, { recursive: true });
    const refetched = runs[0]!.samples.map((sample) => sample.figures?.refetchedBytes ?? 0);
    const limit = Math.max(file.bytes / 100, 8 * MIB);
    return {
      runs,
      workload:
        `${formatSize(file.bytes)} from nginx on loopback by profile ${bench.engine}; SIGKILL at a random moment ` +
        `(seed ${SEED}) between 10 and 95 % of the time of a whole run, then the same command again until the file is verified.`,
      criteria: [
        countCriterion(refetched.length === 0 ? null : Math.max(...refetched), {
          what: "bytes sent twice, at most in any run",
          unit: "bytes",
          limit,
        }),
      ],
      charts: [
        chartOf(runs, {
          title: "Bytes sent twice",
          metric: "refetchedBytes",
          unit: "bytes",
          limits: [{ label: "limit", value: limit }],
        }),
        chartOf(runs, { title: "Bytes resumed from before the kill", metric: "resumedBytes", unit: "bytes" }),
      ],
      notes: [
        "Counted by the server, so bytes that were still in the sockets at the kill count as sent twice; the " +
        "server's own buffer is 512 KiB a connection.",
        `There are ${RUNS_FACTOR} times as many runs as in the other targets.`,
      ],
    };
  },
};

/** Start a program and kill it after a time. Returns false if it had ended before. */
async function runAndKill(
  command: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly afterMs: number },
): Promise<boolean> {
  const child = new Deno.Command(command[0]!, {
    args: command.slice(1),
    cwd: options.cwd,
    env: { ...options.env },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  let hasEnded = false;
  const ended = child.status.then(() => hasEnded = true);
  await Promise.race([ended, systemClock.sleep(options.afterMs)]);
  if (hasEnded) return false;
  try {
    child.kill("SIGKILL");
  } catch (error) {
    // It ended at this very moment.
    if (!(error instanceof TypeError)) throw error;
  }
  return (await child.status).signal === "SIGKILL";
}
