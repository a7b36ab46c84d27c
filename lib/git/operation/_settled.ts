import { KitError } from "../../base/mod.ts";
import type { Repository } from "../open_repository.ts";
import { fetchRemote, readRemoteRefs } from "../refs/remote_refs.ts";
import { isResolved } from "./_is_resolved.ts";
import type { Operation } from "./operation.ts";
import type { MergeStep, RefChange, Step } from "./step.ts";

/** A complete step after which nothing is taken back without being asked. */
export interface Settled {
  /** Its place among the steps. */
  readonly index: number;
  /** What it settled and what remains, as the end of a sentence. */
  readonly text: string;
}

/** Find the last complete step of an operation that settles something; `null` if there is none. */
export function findSettled({ steps, at }: Pick<Operation, "steps" | "at">): Settled | null {
  const index = steps.findLastIndex((step, place) => place < at && textOf(step) !== null);
  return index < 0 ? null : { index, text: textOf(steps[index]!)! };
}

function textOf(step: Step): string | null {
  return step.type === "push" || step.type === "await" ? step.settles ?? null : null;
}

/** Say what is settled before why the rest waits. */
export function joinReason(reason: string, settled: Settled | null): string {
  return settled === null ? reason : `${settled.text}; ${reason}`;
}

/** Say in an error what is settled; `hint` replaces its own, which is about an operation that was taken back. */
export function nameSettled(error: unknown, { text }: Settled, hint?: string): unknown {
  if (!(error instanceof KitError)) return error;
  const { code, message, hint: own = hint } = error;
  return new KitError(code, `${message}; ${text}`, { hint: hint ?? own ?? "", cause: error });
}

/** A merge that is pushed to a branch which has moved on since it was planned. */
interface Outrun {
  readonly merge: MergeStep;
  readonly change: RefChange;
  /** Where the branch of the remote is now. */
  readonly now: string;
}

/**
 * Begin the rest of an operation anew if the branch into which it merges has moved on since: what was settled stays, so
 * the whole operation cannot begin anew. What a person has resolved for the earlier commit is merged then.
 *
 * @param repository The repository
 * @param operation An operation whose next step comes after one that settles something
 * @param options Signal
 * @returns The operation, with other steps if a branch has moved on
 */
export async function renewRest(
  repository: Repository,
  operation: Operation,
  { signal }: { readonly signal: AbortSignal | undefined },
): Promise<Operation> {
  const outrun = await findOutrun(repository, operation, signal);
  if (outrun === null) return operation;
  const { merge, change, now } = outrun;
  const { steps, results } = operation;
  const made = results[merge.id];
  const from = made !== undefined && await isResolved(made, repository.root) ? { sha: made } : merge.from;
  const renewed = steps.map((step): Step => {
    if (step === merge) return { ...merge, onto: { sha: now }, from };
    if (step.type !== "push") return step;
    return { ...step, changes: step.changes.map((one) => one === change ? { ...change, before: now } : one) };
  });
  return restartAt(steps.indexOf(merge), { ...operation, steps: renewed });
}

async function findOutrun(
  repository: Repository,
  { steps, at, results }: Operation,
  signal: AbortSignal | undefined,
): Promise<Outrun | null> {
  for (const push of steps.slice(at).filter((step) => step.type === "push")) {
    const refs = await readRemoteRefs(repository, push.remote, { signal });
    for (const change of push.changes) {
      const now = refs.get(change.ref)?.sha ?? null;
      const { after } = change;
      if (now === null || now === change.before || after === null || !("step" in after)) continue;
      const merge = steps.find((step) => step.type === "merge" && step.id === after.step);
      if (merge?.type !== "merge" || results[merge.id] === now) continue;
      await fetchRemote(repository, push.remote, { signal });
      return { merge, change, now };
    }
  }
  return null;
}

/** Let an operation go on from an earlier step; the results of that one and those after it are forgotten. */
export function restartAt(index: number, operation: Operation): Operation {
  const forgotten = new Set(operation.steps.slice(index).map(({ id }) => id));
  const results = Object.fromEntries(Object.entries(operation.results).filter(([id]) => !forgotten.has(id)));
  return { ...operation, at: index, results, sent: [] };
}
