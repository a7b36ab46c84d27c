import { extname } from "node:path";
import { KitError, VERSION, writeAtomic } from "../lib/base/mod.ts";
import { type Command, type CommandContext, type Outcome, withExit } from "../lib/cli/mod.ts";
import type { BenchmarkReport } from "../lib/report/mod.ts";
import { benchmarkFacts } from "./_benchmark_facts.ts";
import { runScript } from "./_frame.ts";

/** Workloads and charts are used in a checkout only: a bundle or an executable shall not carry them. */
type Peers = typeof import("../benchmarks/peers/mod.ts");

/** Kinds of reports. */
const ENDINGS = [".html", ".json", ".md"];

/** So many runs make a verdict. */
const ENOUGH_RUNS = 5;

/** Measure, compare, judge. */
export const command: Command = {
  name: "benchmark",
  group: "Maintenance",
  summary: "Measure the engine against its peers and its targets",
  description:
    "Every side is a process of its own; the sides take turns in an order that turns over, the first round is dropped, " +
    "and ratios have intervals that assume no distribution. Peers that are not installed are named and left out.\n\n" +
    "A full run takes about an hour and up to 25 GB of disk, and needs the machine for itself. With --scale or fewer " +
    "than 5 runs the numbers are a look and no verdict, and it ends with 3.",
  flags: [
    { name: "peers", type: "boolean", summary: "Against curl, aria2, wget2 and axel: the targets P1 to P10" },
    {
      name: "only",
      type: "string",
      summary: "Only these targets, such as P1,P3",
      placeholder: "TARGETS",
      multiple: true,
      split: ",",
    },
    { name: "runs", type: "integer", summary: "Measured runs of each side", default: ENOUGH_RUNS, min: 1, max: 1000 },
    { name: "scale", type: "number", summary: "Shrink all sizes, for a quick look", default: 1, min: 0.001, max: 1 },
    { name: "engine", type: "string", summary: "Engine profile; else the newest that exists", placeholder: "PROFILE" },
    {
      name: "output",
      type: "path",
      summary: `Also write a report; ends with ${ENDINGS.join(", ")}`,
      placeholder: "FILE",
      multiple: true,
    },
    {
      name: "work-folder",
      type: "path",
      summary: "Where large files may be; else ./bench-work",
      placeholder: "FOLDER",
    },
  ],
  examples: [
    { command: "civitai-dl benchmark --peers --output peers.html", summary: "All targets, as a page with charts" },
    { command: "civitai-dl benchmark --peers --only P1,P8 --scale 0.1 --runs 2", summary: "A quick look at two" },
  ],
  exits: { 1: "A target was missed", 3: "Something could not be measured, or it was only a look" },
  async run(context): Promise<Outcome> {
    const { flags } = context;
    // The configuration's "output" is the library.
    const outputs = context.given("output") === "flag" ? flags.strings("output") : [];
    const odd = outputs.find((path) => !ENDINGS.includes(extname(path)));
    if (odd !== undefined) {
      const hint = `Let it end with ${ENDINGS.join(", ")}`;
      throw new KitError("usage", `Cannot write "${odd}": its ending names no kind of report`, { hint });
    }
    if (!flags.boolean("peers")) {
      throw new KitError("usage", "Cannot benchmark: nothing to compare with was named", { hint: "Give --peers" });
    }
    const peers = await importPeers();
    const report = await benchmarkPeers(context, peers);
    for (const path of outputs) await writeAtomic(path, await peers.renderBenchmarkFor(path, report));
    return withExit(new ShownReport(report, peers.renderBenchmarkText(report)), exitCodeOf(report));
  },
  render: (shown: ShownReport) => shown.text(),
};

/** A report for `--json`, and its text for everybody else. */
class ShownReport {
  readonly #text: string;

  constructor(report: BenchmarkReport, text: string) {
    Object.assign(this, report);
    this.#text = text;
  }

  text(): string {
    return this.#text;
  }
}

async function benchmarkPeers(context: CommandContext, peers: Peers): Promise<BenchmarkReport> {
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
    ...{ targets, runs, scale, engine: flags.string("engine"), isVerdict: reservation === null },
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

async function importPeers(): Promise<Peers> {
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

function exitCodeOf({ targets }: BenchmarkReport): number {
  if (targets.some((target) => target.status === "missed")) return 1;
  return targets.every((target) => target.status === "met") ? 0 : 3;
}

if (import.meta.main) runScript(command);
