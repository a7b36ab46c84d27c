import { findLastEffective, isStepBack, type Operation, OperationStore, type Repository } from "../../lib/git/mod.ts";

/** Options of {@linkcode describeUndo}. */
export interface DescribeUndoOptions {
  /** Until when it should be, such as ` before it is published`. */
  readonly until?: string | undefined;
}

/**
 * Say how a complete operation can be taken back.
 *
 * @param operation The operation
 * @param options Until when
 * @returns A sentence without a period
 */
export function describeUndo({ steps }: Operation, { until = "" }: DescribeUndoOptions = {}): string {
  const remote = steps.findLast((step) => step.type === "push")?.remote;
  const condition = remote === undefined ? "" : `, if ${remote} allows it`;
  return `To take it back${until}${condition}: civitai-dl branch undo`;
}

/** Say which operations an undo passed over, and which one before it stays. */
export async function describeUndone(repository: Repository, undone: Operation): Promise<readonly string[]> {
  const ended = await new OperationStore(repository).readEnded();
  const place = ended.findIndex(({ id }) => id === undone.id);
  const failed = ended.slice(0, Math.max(0, place)).map(({ command }) =>
    `"${command}" was not completed since, and is taken back already`
  );
  // The one under way has not ended, and comes before all that have.
  const before = findLastEffective(ended.slice(place + 1));
  if (before?.state !== "done") return failed;
  return isStepBack(undone)
    ? [...failed, `Undo goes one step back: "${before.command}" before it stays`]
    : [...failed, `It had pushed nothing yet; civitai-dl branch undo again takes back "${before.command}"`];
}
