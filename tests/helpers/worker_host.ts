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
    display: { log: () => {}, notice: () => {}, detail: () => {} },
    ...changes,
  };
}
