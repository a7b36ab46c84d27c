import { cpus, totalmem } from "node:os";
import type { EvidenceMachine } from "./evidence.ts";

/** The machine, as reports that are evidence name it. */
export function thisMachine(): EvidenceMachine {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: navigator.hardwareConcurrency,
    memoryBytes: totalmem(),
    kernel: `${Deno.build.os} ${Deno.osRelease()}`,
    arch: Deno.build.arch,
  };
}
