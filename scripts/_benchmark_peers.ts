import { KitError, VERSION } from "../lib/base/mod.ts";
import type { CommandContext } from "../lib/cli/mod.ts";
import type { BenchmarkReport } from "../lib/report/mod.ts";
import { benchmarkFacts } from "./_benchmark_facts.ts";

/** Workloads and charts are used in a checkout only: a bundle or an executable shall not carry them. */
export type Peers = typeof import("../benchmarks/peers/mod.ts");

/** So many runs make a verdict. */
export const ENOUGH_RUNS = 5;

/** Measure what the flags name. */
export async function benchmarkPeers(context: CommandContext, peers: Peers): Promise<BenchmarkReport> {
  const { flags, display, signal } = context;
  const { PEER_TARGETS, measureTargets } = peers;
  const [runs, scale] = [flags.requiredNumber("runs"), flags.requiredNumber("scale")];
  const wanted = flags.strings("only").map((id) => id.toUpperCase());
  const unknown = wanted.find((id) => !PEER_TARGETS.some((target) => target.id === id));
  if (unknown !== undefined) {
    const hint = `There are ${PEER_TARGETS.map((target) => target.id).join(", ")}`;
    throw new KitError("usage", `Cannot measure target "${unknown}": there is no such`, { hint });
  }
  const targets = PEER_TARGETS.filter((target) => wanted.length === 0 || wanted.includes(target.id));
  const reservation = reservationOf(runs, scale);
  const startedAt = new Date().toISOString();
  const measured = await measureTargets({
    ...{ targets, runs, scale, isVerdict: reservation === null },
    // The configuration's is the one that the user fetches with.
    engine: context.given("engine") === "flag" ? flags.string("engine") : undefined,
    workFolder: flags.string("work-folder") ?? "bench-work",
    ...{ tell: (text: string) => display.log(text), signal },
  });
  return {
    ...{ schema: "civitai-dl/benchmark", version: 1, title: "civitai-dl against its peers" },
    ...{ startedAt, endedAt: new Date().toISOString(), ...await benchmarkFacts() },
    versions: { "civitai-dl": VERSION, deno: Deno.version.deno, ...measured.versions },
    settings: { engine: measured.engine, runs, warmup: 1, scale },
    ...{ reservation, targets: measured.targets },
  };
}

/** Load the workloads; `inconclusive` where they are not. */
export async function importPeers(): Promise<Peers> {
  const place = new URL("../benchmarks/peers/mod.ts", import.meta.url).href;
  try {
    return await import(place);
  } catch (error) {
    if (!(error instanceof TypeError && error.message.includes("not found"))) throw error;
    throw new KitError("inconclusive", "Cannot benchmark: the workloads are not part of the program", {
      hint: "Run deno task benchmark in a checkout",
      cause: error,
    });
  }
}

function reservationOf(runs: number, scale: number): string | null {
  if (scale < 1) return `the sizes are scaled by ${scale}`;
  return runs < ENOUGH_RUNS ? `each side ran ${runs} of at least ${ENOUGH_RUNS} times` : null;
}
