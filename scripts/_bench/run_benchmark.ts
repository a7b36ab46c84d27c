import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { KitError } from "../../lib/base/mod.ts";
import { evidenceHeader } from "../../lib/bench/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import type { PeersReport } from "../../benchmarks/peers/mod.ts";
import { type BenchmarkFlags, ENOUGH_RUNS } from "./benchmark_flags.ts";
import { requireCheckout } from "../_frame/program_form.ts";

/** Modules of benchmarks/, imported by path at run time, so that no bundle or executable contains them. */
export type Workloads =
  & typeof import("../../benchmarks/peers/mod.ts")
  & typeof import("../../benchmarks/phases.ts");

type ChosenTarget = Workloads["PEER_TARGETS"][number];

/** Measure the engine against its peers. */
export async function runBenchmark(
  context: CommandContext<BenchmarkFlags>,
  workloads: Workloads,
): Promise<PeersReport> {
  const { flags, display, signal } = context;
  const { runs, scale } = flags;
  const targets = targetsOf(flags.only, workloads.PEER_TARGETS);
  const reservation = reservationOf(runs, scale);
  const startedAt = new Date().toISOString();
  const startedMs = performance.now();
  const measured = await workloads.measureTargets({
    targets,
    runs,
    scale,
    isVerdict: reservation === null,
    engine: flags.engine,
    workFolder: flags.workFolder ?? "bench-work",
    onProgress: (text: string) => display.log(text),
    signal,
  });
  const stopped = measured.isStopped
    ? `it was stopped after ${measured.targets.length} of ${targets.length} targets`
    : null;
  const folder = requireCheckout("benchmark");
  return {
    ...await evidenceHeader(workloads.PEERS_SCHEMA, { startedAt, startedMs, plannedMs: 0, seed: null, folder }),
    versions: measured.versions,
    settings: { engine: measured.engine, runs, warmup: 1, scale },
    reservation: stopped ?? reservation,
    targets: measured.targets,
  };
}

function targetsOf(only: readonly string[], all: readonly ChosenTarget[]): readonly ChosenTarget[] {
  const wanted = only.map((id) => id.toUpperCase());
  const unknown = wanted.find((id) => !all.some((one) => one.id === id));
  if (unknown === undefined) return all.filter(({ id }) => wanted.length === 0 || wanted.includes(id));
  const hint = `There are ${all.map(({ id }) => id).join(", ")}`;
  throw new KitError("usage", `Cannot measure target "${unknown}": there is no such`, { hint });
}

/**
 * Import the workloads from the checkout.
 *
 * @throws {KitError} `usage` if the program does not run from a checkout
 */
export async function importWorkloads(): Promise<Workloads> {
  const root = requireCheckout("benchmark");
  const place = (name: string): string => pathToFileURL(join(root, "benchmarks", name)).href;
  const modules = ["peers/mod.ts", "phases.ts"].map((name) => import(place(name)));
  return Object.assign({}, ...await Promise.all(modules));
}

function reservationOf(runs: number, scale: number): string | null {
  if (scale < 1) return `the sizes are scaled by ${scale}`;
  return runs < ENOUGH_RUNS ? `each side ran ${runs} of at least ${ENOUGH_RUNS} times` : null;
}
