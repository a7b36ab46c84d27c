import type { ChangeOperation, ChangePlan } from "./change_plan.ts";

/**
 * Plan the way back: the operations of a plan, each turned around, from the last one to the first.
 *
 * @param plan The plan
 * @returns The plan that undoes it; its inverse is the plan itself
 */
export function planInverse(plan: ChangePlan): ChangePlan {
  return { ...plan, operations: plan.operations.toReversed().map(turnAround) };
}

function turnAround(operation: ChangeOperation): ChangeOperation {
  switch (operation.kind) {
    case "move":
      return { ...operation, from: operation.to, to: operation.from };
    case "row":
      return { ...operation, before: operation.after, after: operation.before };
    case "mark":
      return { ...operation, kind: "unmark" };
    case "unmark":
      return { ...operation, kind: "mark" };
  }
}
