// deno-lint-ignore-file no-console civitai-dl/no-console
// deno run --allow-read --allow-run docs/examples/bench.ts "sort old.txt" "sort new.txt"
import { compareBenchmarks, measureProcess, runInterleaved } from "@civitai-dl/civitai-dl/bench";

const [baseline, target] = Deno.args as [string, string];
const side = (name: string, command: string) => ({ name, run: () => measureProcess(["sh", "-c", command]) });
const sides = [side("baseline", baseline), side("target", target), side("again", baseline)];
const runs = await runInterleaved({ sides, runs: 10 });
const seconds = (name: string) => runs.find((one) => one.name === name)!.samples.map((sample) => sample.seconds);
const about = { name: "wall time", unit: "seconds", isExact: false, problem: null } as const;
const { verdict, claims } = compareBenchmarks(
  [{ ...about, samples: seconds("baseline"), again: seconds("again") }],
  [{ ...about, samples: seconds("target"), again: [] }],
);
console.log(JSON.stringify({ verdict, ratio: claims[0]!.estimate, low: claims[0]!.low, high: claims[0]!.high }));
