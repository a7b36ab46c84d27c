import { cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { type EvidenceCommit, type EvidenceMachine, type EvidenceTool, VERSION } from "../lib/base/mod.ts";

/** What a report has to say of the program, its commit, and the machine. */
export interface StabilityFacts {
  readonly tool: EvidenceTool;
  readonly commit: EvidenceCommit;
  readonly machine: EvidenceMachine;
}

/** Look at the checkout and the machine. */
export async function stabilityFacts(): Promise<StabilityFacts> {
  const { deno, v8 } = Deno.version;
  const sha = await git("rev-parse", "HEAD");
  const changes = await git("status", "--porcelain", "--untracked-files=no");
  return {
    tool: { name: "civitai-dl", version: VERSION, deno, v8 },
    commit: { sha, isDirty: changes !== "", ref: sha === "" ? "" : await git("rev-parse", "--abbrev-ref", "HEAD") },
    machine: {
      ...{ cpu: cpus()[0]?.model ?? "unknown", cores: navigator.hardwareConcurrency, memoryBytes: totalmem() },
      ...{ kernel: `${Deno.build.os} ${Deno.osRelease()}`, arch: Deno.build.arch },
    },
  };
}

/** Empty where there is no git, or no checkout. */
async function git(...args: readonly string[]): Promise<string> {
  try {
    const { success, stdout } = await new Deno.Command("git", {
      args: [...args],
      cwd: fileURLToPath(new URL("..", import.meta.url)),
      ...{ stdin: "null", stderr: "null" },
    }).output();
    return success ? new TextDecoder().decode(stdout).trim() : "";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
