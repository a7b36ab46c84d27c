import type { Operation } from "../../../lib/git/mod.ts";
import type { RecordedRollback, RollbackFacts } from "../../../lib/installation/mod.ts";

/** Facts of a rollback to 1.0.0. */
export const COMMON = {
  tag: "v1.0.0",
  library: null,
  stopsRun: false,
  from: "1.1.0",
  sha: "0".repeat(40),
  patchSha256: null,
};

function installFacts(folder: string): RollbackFacts {
  const pointers = { current: null, previous: null };
  return { ...COMMON, folder, mode: "install", repository: null, name: "1.0.0", pointers };
}

/** A rollback to 1.0.0 that was built, switched to and verified. */
export function recorded(
  folder: string,
  more: Partial<Operation> = {},
  facts: RollbackFacts = installFacts(folder),
): RecordedRollback {
  const operation: Operation = {
    id: "20260102T030405000Z-rollback-v1.0.0",
    command: "rollback v1.0.0 --mode install",
    summary: "Goes from 1.1.0 to v1.0.0",
    startedAt: "2026-01-02T03:04:05.000Z",
    endedAt: "2026-01-02T03:04:06.000Z",
    state: "done",
    reason: null,
    warnings: [],
    about: facts,
    steps: [
      { type: "act", id: "build", text: "Building v1.0.0", undo: "unfinished" },
      { type: "act", id: "switch", text: "Switching to 1.0.0", undo: "always" },
    ],
    at: 2,
    results: {},
    sent: [],
    ...more,
  };
  return { operation, facts };
}
