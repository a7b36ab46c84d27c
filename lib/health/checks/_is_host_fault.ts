import { type FailureClass, failureWeight } from "../../failsafe/mod.ts";

/** Whether a failure says that the host does not work, as the failsafe counts it. */
export function isHostFault(failure: FailureClass): boolean {
  const weight = failureWeight(failure);
  return weight === "hard" || weight === "counted" || failure === "unusable";
}
