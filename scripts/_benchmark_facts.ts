import { cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";

/** What a measurement rests on, besides its numbers. */
export interface BenchmarkFacts {
  /** Commit of the checkout; `null` if this is none. */
  readonly commit: string | null;
  /** Whether files of the checkout differ from the commit. */
  readonly isDirty: boolean | null;
  /** The machine. */
  readonly machine: Readonly<Record<string, string | number>>;
}

/** Look at the checkout and the machine. */
export async function benchmarkFacts(): Promise<BenchmarkFacts> {
  const commit = await git("rev-parse", "HEAD");
  const changes = await git("status", "--porcelain");
  const [processor] = cpus();
  return {
    ...{ commit, isDirty: changes === null ? null : changes !== "" },
    machine: {
      system: `${Deno.build.os} ${Deno.osRelease()} ${Deno.build.arch}`,
      processor: processor?.model ?? "unknown",
      cores: navigator.hardwareConcurrency,
      memory: `${(totalmem() / 2 ** 30).toFixed(1)} GiB`,
    },
  };
}

async function git(...args: readonly string[]): Promise<string | null> {
  try {
    const { success, stdout } = await new Deno.Command("git", {
      args: [...args],
      cwd: fileURLToPath(new URL("..", import.meta.url)),
      ...{ stdin: "null", stderr: "null" },
    }).output();
    return success ? new TextDecoder().decode(stdout).trim() : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
