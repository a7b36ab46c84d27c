import type { EvidenceHeader } from "../../base/mod.ts";

/**
 * List the differences between the environments of two reports. If there are any, differences in time do not indicate
 * anything about the code.
 *
 * @param first Header of one report
 * @param second Header of the other report
 * @returns One string per difference in processor, cores, architecture, Deno or V8; empty if the times are comparable
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { environmentDifferences } from "@civitai-dl/civitai-dl/bench";
 *
 * const tool = { name: "shop", version: "1.0.0", deno: "2.9.6", v8: "15.0" };
 * const machine = { cpu: "AMD EPYC", cores: 2, memoryBytes: 2 ** 34, kernel: "linux 6.1", arch: "x86_64" };
 * const other = { tool, machine: { ...machine, cores: 8 } };
 * assertEquals(environmentDifferences({ tool, machine }, other), ["cores: 2 and 8"]);
 * ```
 */
export function environmentDifferences(
  first: Pick<EvidenceHeader, "machine" | "tool">,
  second: Pick<EvidenceHeader, "machine" | "tool">,
): readonly string[] {
  const facts = ({ machine, tool }: Pick<EvidenceHeader, "machine" | "tool">) => ({
    processor: machine.cpu,
    cores: machine.cores,
    architecture: machine.arch,
    Deno: tool.deno,
    V8: tool.v8,
  });
  const before = facts(first);
  const after = facts(second);
  const names = Object.keys(before) as (keyof typeof before)[];
  return names.filter((name) => before[name] !== after[name])
    .map((name) => `${name}: ${before[name]} and ${after[name]}`);
}
