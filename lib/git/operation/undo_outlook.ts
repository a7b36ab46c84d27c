import { KitError } from "../../base/mod.ts";
import type { Repository } from "../open_repository.ts";
import { readRefs } from "../refs/read_refs.ts";
import { trackedRefs } from "../refs/remote_refs.ts";
import { readRemoteRules } from "../refs/remote_rules.ts";
import { previewReversals } from "./_revert_steps.ts";
import type { Operation } from "./operation.ts";
import { OperationStore } from "./operation_store.ts";

/**
 * Whether an operation can be taken back: yes, as far as is known of the remote; `open`, if the remote's rules cannot be
 * known; no, because a setting of the remote forbids it; or probably not, because the remote refused it before.
 */
export type UndoOutlook =
  | { readonly state: "possible" }
  | { readonly state: "open"; readonly remote: string }
  | { readonly state: "forbidden"; readonly remote: string; readonly what: "delete" | "rewrite"; readonly by: string }
  | { readonly state: "refused"; readonly remote: string; readonly reason: string };

/**
 * Find out whether the remote would let an operation be taken back. Nothing is sent.
 *
 * @param repository The repository
 * @param operation A complete operation
 * @returns The outlook; that somebody may build on it since is another matter
 */
export async function readUndoOutlook(repository: Repository, operation: Operation): Promise<UndoOutlook> {
  const pushes = operation.steps.slice(0, operation.at).filter((step) => step.type === "push");
  let outlook: UndoOutlook = { state: "possible" };
  for (const { remote, changes } of pushes) {
    const rules = await readRemoteRules(repository, remote);
    const deletes = changes.some(({ before }) => before === null);
    const rewrites = changes.some(({ before }) => before !== null);
    if (rules === null) outlook = { state: "open", remote };
    else if (deletes && rules.deletion !== null) {
      return { state: "forbidden", remote, what: "delete", by: rules.deletion };
    } else if (rewrites && rules.rewriting !== null) {
      return { state: "forbidden", remote, what: "rewrite", by: rules.rewriting };
    }
  }
  const remote = pushes.at(-1)?.remote;
  const reason = remote === undefined ? null : await findRefusal(repository);
  // A setting that refused and is known now does not refuse any more; a hook may, and nobody can ask it.
  const isOver = outlook.state === "possible" && reason !== null && BY_SETTING.test(reason);
  return remote === undefined || reason === null || isOver ? outlook : { state: "refused", remote, reason };
}

/** What git says if one of the settings refuses that `readRemoteRules()` reads. */
const BY_SETTING = /^(deletion prohibited|non-fast-forward)\b/;

/** Find why the remote refused the latest undo; `null` if it let one pass since, or never refused. */
async function findRefusal(repository: Repository): Promise<string | null> {
  for (const { state, reason, refused, steps, at } of await new OperationStore(repository).readEnded()) {
    if (refused !== null && state !== "undone") return refused;
    const wasPushed = steps.slice(0, at).some(({ type }) => type === "push");
    if (state === "undone" && reason === null && wasPushed) return null;
  }
  return null;
}

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
