import { nodeModule } from "../_node_module.ts";
import type { EvidenceMachine } from "./evidence.ts";

/** Describe this machine for the header of a report. */
export function thisMachine(): EvidenceMachine {
  const { cpus, totalmem } = nodeModule("node:os");
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: navigator.hardwareConcurrency,
    memoryBytes: totalmem(),
    kernel: `${Deno.build.os} ${Deno.osRelease()}`,
    arch: Deno.build.arch,
  };
}
