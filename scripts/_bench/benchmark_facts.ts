import type { BenchmarkReport } from "../../lib/report/mod.ts";
import { describeOwnCheckout } from "../_frame/own_checkout.ts";
import { thisMachine } from "../../lib/base/mod.ts";

/** Collect commit and machine of a measurement, in the form that its page requires. */
export async function benchmarkFacts(): Promise<Pick<BenchmarkReport, "commit" | "isDirty" | "machine">> {
  const { sha, isDirty } = await describeOwnCheckout();
  const { cpu, cores, memoryBytes, kernel, arch } = thisMachine();
  const isKnown = sha !== "";
  return {
    commit: isKnown ? sha : null,
    isDirty: isKnown ? isDirty : null,
    machine: {
      system: `${kernel} ${arch}`,
      processor: cpu,
      cores,
      memory: `${(memoryBytes / 2 ** 30).toFixed(1)} GiB`,
    },
  };
}
