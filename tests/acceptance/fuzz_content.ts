/**
 * Random mutations of foreign data: API responses, model files, pictures, sidecars, descriptions, lists, logs.
 *
 * Bounds: every error is one of ours, nothing takes a second, nothing is written outside its folder, no
 * entry is lost beside a poisoned one, and no description or message is active:
 * `deno run -q -P=acceptance tests/acceptance/fuzz_content.ts [--runs 100000] [--files 10000] [--seed 1] [--only png]`
 *
 * `--runs` counts responses, `--files` the files of each format. A problem names its kind and seed: to repeat a case,
 * give `--only KIND --seed SEED --runs 1 --files 1`.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { join } from "node:path";
import { cpuUsage } from "node:process";
import { BODY, caseFolder } from "./_fuzz_content_case.ts";
import type { CaseNews, CaseOrder } from "./_fuzz_content_worker.ts";
import { FORMATS } from "./_fuzz_files.ts";
import { numberFlag, tellProgress } from "./_flag.ts";
import { reportFigures } from "../helpers/report_figures.ts";

/** Limits of processor time, so that a busy machine is not reported as a hang, and of real time, for endless waits. */
const HANG_CPU_MS = 1000;
const HANG_WALL_MS = 30_000;
const LOOK_MS = 100;

interface KindFigures {
  readonly kind: string;
  readonly count: number;
  slowestMs: number;
  slowestSeed: number;
  readonly problems: string[];
  readonly hangs: number[];
}

/** Run cases in a worker that is terminated when one hangs; the next worker continues after that case. */
async function runKind(
  kind: string,
  order: { readonly root: string; readonly from: number; readonly count: number },
): Promise<KindFigures> {
  const { root, from, count } = order;
  const figures: KindFigures = { kind, count, slowestMs: 0, slowestSeed: from, problems: [], hangs: [] };
  await Deno.mkdir(caseFolder(root, kind), { recursive: true });
  for (let next = from; next < from + count;) {
    next = await runUntilHang(kind, { root, from: next, end: from + count }, figures);
  }
  return figures;
}

async function runUntilHang(kind: string, order: Omit<CaseOrder, "kind">, figures: KindFigures): Promise<number> {
  const worker = new Worker(new URL("./_fuzz_content_worker.ts", import.meta.url), { type: "module" });
  const done = Promise.withResolvers<number>();
  let current = -1;
  let begun = { wall: performance.now(), cpu: cpuUsage() };
  worker.onerror = (event) => done.reject(new Error(event.message));
  worker.onmessage = ({ data }: MessageEvent<CaseNews>) => {
    if (data.type === "begin") {
      current = data.seed;
      begun = { wall: performance.now(), cpu: cpuUsage() };
    } else if (data.type === "problem") figures.problems.push(`${kind} ${data.seed}: ${data.problem}`);
    else {
      if (data.slowestMs > figures.slowestMs) {
        figures.slowestMs = data.slowestMs;
        figures.slowestSeed = data.slowest;
      }
      done.resolve(order.end);
    }
  };
  const watchdog = setInterval(() => {
    const { user, system } = cpuUsage(begun.cpu);
    const isStuck = (user + system) / 1000 > HANG_CPU_MS || performance.now() - begun.wall > HANG_WALL_MS;
    if (current === -1 || !isStuck) return;
    figures.hangs.push(current);
    done.resolve(current + 1);
  }, LOOK_MS);
  worker.postMessage({ kind, ...order } satisfies CaseOrder);
  try {
    return await done.promise;
  } finally {
    clearInterval(watchdog);
    worker.terminate();
  }
}

/** What is in the root besides the folders that cases write to. */
async function strayEntries(root: string): Promise<readonly string[]> {
  const names = await Array.fromAsync(Deno.readDir(root), ({ name }) => name);
  return names.filter((name) => name !== "library" && name !== "files");
}

if (import.meta.main) {
  const start = performance.now();
  const runs = numberFlag("runs", 100_000);
  const files = numberFlag("files", 10_000);
  const seed = numberFlag("seed", 1);
  const only = parseArgs(Deno.args)["only"] as string | undefined;
  const root = await Deno.makeTempDir({ prefix: "fuzz-content-" });
  const kinds: KindFigures[] = [];
  for (const kind of [BODY, ...Object.keys(FORMATS)].filter((name) => only === undefined || name === only)) {
    const figures = await runKind(kind, { root, from: seed, count: kind === BODY ? runs : files });
    kinds.push(figures);
    tellProgress(
      `${kind}: ${figures.count} cases, ${figures.problems.length} problems, ${figures.hangs.length} hangs, slowest ${
        Math.round(figures.slowestMs)
      } ms (seed ${figures.slowestSeed})`,
    );
    for (const problem of figures.problems.slice(0, 3)) tellProgress(`  ${problem}`);
  }
  const strays = await strayEntries(root);
  const problems = kinds.flatMap((one) => one.problems);
  const hangs = kinds.flatMap((one) => one.hangs.map((at) => `${one.kind} ${at}`));
  const cases = Object.fromEntries(
    kinds.map((one) => [one.kind, { count: one.count, slowestMs: Math.round(one.slowestMs) }]),
  );
  await Deno.remove(join(root), { recursive: true });
  reportFigures({ seed, cases, problems, hangs, strays, seconds: Math.round((performance.now() - start) / 1000) }, [
    { name: "no crash, no loss beside the poisoned entry, nothing that acts", isMet: problems.length === 0 },
    { name: "no hang over a second", isMet: hangs.length === 0 },
    { name: "nothing outside of the folder", isMet: strays.length === 0 },
  ]);
}
