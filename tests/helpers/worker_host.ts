import { Display, MemoryIo } from "../../lib/cli/mod.ts";
import type { WorkerHost } from "../../lib/stability/mod.ts";

/** A host whose processes end at once: a round takes a moment. The tests of the commands have real ones. */
export function workerHostOf<Progress>(changes: Partial<WorkerHost<Progress>> = {}): WorkerHost<Progress> {
  return {
    signal: new AbortController().signal,
    commit: { sha: "4f1d2c".padEnd(40, "0"), isDirty: false, ref: "main" },
    workerCommand: () =>
      new Deno.Command(Deno.execPath(), {
        args: ["eval", "Deno.exit(3)"],
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
      }),
    onProgress: () => {},
    // The one that commands have: its methods need it.
    display: displayOf(new MemoryIo()),
    ...changes,
  };
}

/** The display of a command that writes to this. */
export function displayOf(io: MemoryIo): Display {
  return new Display({ io, redact: (text) => text, ticker: () => ({ [Symbol.dispose]() {} }) });
}
