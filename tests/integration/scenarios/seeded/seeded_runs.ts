import { join } from "node:path";
import { HashPool } from "../../../../lib/transfer/mod.ts";
import { becomes } from "../../../helpers/becomes.ts";
import { openHandles } from "./_open_handles.ts";
import { runSeeded, type SeededOutcome } from "./_seeded_run.ts";

/** Options of {@linkcode runSeededRuns}. */
export interface SeededRunsOptions {
  readonly runs: number;
  /** Seed of the first run; each further one has the next. */
  readonly from: number;
  /** @default {12} */
  readonly atOnce?: number | undefined;
  /** @default {60_000} */
  readonly hangMs?: number | undefined;
  /** Called with each event of every run. */
  readonly tell?: ((text: string) => void) | undefined;
  /** Called with progress. */
  readonly onProgress?: ((text: string) => void) | undefined;
}

/** The result of all runs. */
export interface SeededFigures {
  runs: number;
  sessions: number;
  requests: number;
  /** Number of runs by the outcome of their last session. */
  readonly ends: Record<string, number>;
  /** Number of sessions by outcome. */
  readonly outcomes: Record<string, number>;
  /** Number of runs that each fault hit. */
  readonly faults: Record<string, number>;
  /** Number of runs with several concurrent connections. */
  withSegments: number;
  /** Handles of the process that were opened and not closed. */
  leakedHandles: number;
  /** Problems, each with its seed. */
  readonly problems: string[];
}

/** Run many seeds, several concurrently. */
export async function runSeededRuns(options: SeededRunsOptions): Promise<SeededFigures> {
  const { runs, from, atOnce = 12, hangMs = 60_000, tell, onProgress = () => {} } = options;
  const figures: SeededFigures = {
    runs: 0,
    sessions: 0,
    requests: 0,
    ends: {},
    outcomes: {},
    faults: {},
    withSegments: 0,
    leakedHandles: 0,
    problems: [],
  };
  const folder = await Deno.makeTempDir({ prefix: "seeded-" });
  const end = from + runs;
  const batch = async (first: number, last: number): Promise<void> => {
    using hashers = new HashPool();
    let next = first;
    const work = async (): Promise<void> => {
      while (next < last) {
        note(figures, await runSeeded(next++, { folder, hashers, hangMs, tell }));
        if (figures.runs % 500 === 0) onProgress(`${figures.runs} runs, ${figures.problems.length} problems`);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  };
  const second = Math.min(end, from + atOnce);
  // The runtime itself opens some permanently for the first thread, socket or body.
  await startThread(folder);
  await batch(from, second);
  const before = await openHandles();
  await batch(second, end);
  let after: readonly string[] = [];
  // A thread closes its handles a little later.
  await becomes(async () => (after = await openHandles()).length <= before.length, 5000);
  figures.leakedHandles = Math.max(0, after.length - before.length);
  if (figures.leakedHandles > 0) onProgress(`open before: ${before.join(" ")}\nopen after: ${after.join(" ")}`);
  for (const path of after) if (path.startsWith(folder)) figures.problems.push(`leak: ${path} is open`);
  await Deno.remove(folder, { recursive: true });
  return figures;
}

async function startThread(folder: string): Promise<void> {
  const path = join(folder, "empty");
  await Deno.writeFile(path, new Uint8Array());
  using pool = new HashPool();
  using follower = pool.follow(path, { offset: 0, blocks: [] });
  await follower.finish(0);
}

function note(figures: SeededFigures, outcome: SeededOutcome): void {
  const { seed, sessions, requests, faults, peakConnections, problems } = outcome;
  figures.runs++;
  figures.sessions += sessions.length;
  figures.requests += requests;
  count(figures.ends, sessions.at(-1)!);
  for (const session of sessions) count(figures.outcomes, session);
  for (const fault of faults) count(figures.faults, fault);
  if (peakConnections > 1) figures.withSegments++;
  for (const problem of problems) figures.problems.push(`${problem} (--only ${seed})`);
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
