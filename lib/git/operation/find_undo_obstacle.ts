import { KitError } from "../../base/mod.ts";
import type { Repository } from "../open_repository.ts";
import { readRefs } from "../refs/read_refs.ts";
import { trackedRefs } from "../refs/remote_refs.ts";
import { previewReversals } from "./_revert_steps.ts";
import type { Operation } from "./operation.ts";

/**
 * Find out why an operation can no longer be taken back, such as a branch that has moved on. The remote is not asked: what
 * it had at the last fetch counts.
 *
 * @param repository The repository
 * @param operation A complete operation
 * @returns The reason as a sentence without a period; `null` if nothing is known against it
 */
export async function findUndoObstacle(repository: Repository, operation: Operation): Promise<string | null> {
  try {
    await previewReversals(repository, operation, {
      acts: {},
      conflicts: "refuse",
      readRemote: async (_, remote) => trackedRefs(await readRefs(repository), remote),
    });
    return null;
  } catch (error) {
    if (error instanceof KitError && error.code === "unsafe") return error.message;
    throw error;
  }
}
