/**
 * Measures the index of models that the page shows, at 100 000 models, and prints the figures as one line of JSON. Fails
 * if the first view takes more than 300 ms after the index is open, a search more than 50 ms, a step of the work more than
 * 30 ms in 99 of 100 cases, or the process more than 200 MB.
 *
 *     deno run -q -P=acceptance --v8-flags=--max-semi-space-size=2,--heap-growing-percent=20 tests/perf/view_figures.ts
 *         --models 10000             another number of models
 *         --keep FOLDER              the library is kept and used again
 *
 * The flags are those of the program that is installed: they bound what its memory grows by between two collections.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { join } from "node:path";
import { ViewIndex, type ViewQuery } from "../../lib/app/view/view_index.ts";
import { reportFigures } from "../helpers/report_figures.ts";
import { makeCatalog } from "./_made_catalog.ts";

const NONE = { types: [], bases: [], creators: [], tags: [], maturity: [], states: [], roots: [] };
const ALL: ViewQuery = { text: "", filters: NONE, sort: "-added" };
const V8_FLAGS = "--v8-flags=--max-semi-space-size=2,--heap-growing-percent=20";
const BOUNDS = { firstViewMs: 300, searchMs: 50, stepMs: 30, memoryBytes: 200e6 };

if (import.meta.main) {
  const flags = parseArgs(Deno.args, { string: ["models", "keep"] });
  const models = Number(flags.models ?? 100_000);
  const root = flags.keep ?? await Deno.makeTempDir({ prefix: "civitai-dl-figures-" });
  if (flags.keep === undefined || !await hasCatalog(root)) await makeCatalog(root, models);
  const wasMade = await hasFile(join(root, ".civitai-dl", "view.db"));
  if (!wasMade) {
    // A process of its own, so that the memory of the build does not count for what follows.
    const args = [
      "run",
      "-q",
      "--no-check",
      "-P=acceptance",
      V8_FLAGS,
      import.meta.filename!,
      "--keep",
      root,
      "--build",
    ];
    if (!Deno.args.includes("--build")) {
      const { stdout } = await new Deno.Command(Deno.execPath(), { args, stderr: "inherit" }).output();
      await Deno.stdout.write(stdout);
    }
  }
  if (Deno.args.includes("--build")) await measureBuild(root);
  else await measureView(root, models);
  if (flags.keep === undefined) await Deno.remove(root, { recursive: true });
}

async function hasFile(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

function hasCatalog(root: string): Promise<boolean> {
  return hasFile(join(root, ".civitai-dl", "catalog.db"));
}

/** Measure how long the event loop waits while `work` runs. */
async function stepsOf(
  work: () => Promise<unknown>,
): Promise<{ readonly steps: readonly number[]; readonly ms: number }> {
  const steps: number[] = [];
  const start = performance.now();
  let last = start;
  const timer = setInterval(() => {
    const now = performance.now();
    steps.push(now - last);
    last = now;
  }, 0);
  await work();
  clearInterval(timer);
  return { steps: steps.toSorted((a, b) => a - b), ms: performance.now() - start };
}

async function measureBuild(root: string): Promise<void> {
  await using view = await ViewIndex.open({ root });
  const { steps, ms } = await stepsOf(() => view.refresh());
  const figures = { buildMs: ms, stepP99Ms: steps[Math.floor(steps.length * 0.99)], longestStepMs: steps.at(-1) };
  const { rss } = Deno.memoryUsage();
  const { size } = await Deno.stat(join(root, ".civitai-dl", "view.db"));
  reportFigures({ ...figures, buildRssBytes: rss, viewBytes: size }, [
    { name: "steps of the build", isMet: figures.stepP99Ms! <= BOUNDS.stepMs },
  ]);
}

async function measureView(root: string, models: number): Promise<void> {
  const start = performance.now();
  await using view = await ViewIndex.open({ root });
  const openMs = performance.now() - start;
  const firstView = performance.now();
  const text = JSON.stringify(await view.query(ALL));
  const firstViewMs = performance.now() - firstView;
  const searches: Record<string, number> = {};
  for (const query of ["la", "lan", "lantern", "lantern city", "maker1", "style portrait light", "trg5000", "zzzz"]) {
    const times: number[] = [];
    for (let round = 0; round < 5; round++) {
      const from = performance.now();
      const answer = await view.query({ ...ALL, text: query });
      JSON.stringify(answer);
      times.push(performance.now() - from);
    }
    searches[query] = times.toSorted((a, b) => a - b)[2]!;
  }
  const timeOf = async (query: ViewQuery): Promise<number> => {
    const from = performance.now();
    await view.query(query);
    return performance.now() - from;
  };
  const filterMs = await timeOf({ ...ALL, filters: { ...NONE, types: ["LORA"], bases: ["Pony"] } });
  const sortMs: Record<string, number> = {};
  for (const sort of ["name", "creator", "-size", "-updated"] as const) sortMs[sort] = await timeOf({ ...ALL, sort });
  const { steps, ms: compareMs } = await stepsOf(() => view.refresh());
  const { rss } = Deno.memoryUsage();
  const slowestMs = Math.max(...Object.values(searches));
  reportFigures({
    models,
    openMs,
    firstViewMs,
    answerBytes: text.length,
    searches,
    filterMs,
    sortMs,
    compareMs,
    longestStepMs: steps.at(-1),
    rssBytes: rss,
  }, [
    { name: "first view", isMet: firstViewMs <= BOUNDS.firstViewMs },
    { name: "search", isMet: slowestMs <= BOUNDS.searchMs },
    { name: "memory", isMet: rss <= BOUNDS.memoryBytes },
  ]);
}
