import type { EvidenceHeader } from "../../base/mod.ts";

/**
 * Where two reports were taken on different machines or runtimes, so that their times say nothing of the code.
 *
 * @param first One report's header
 * @param second The other's
 * @returns One text a difference: processor, cores, architecture, Deno, V8; empty if they may be compared
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
