import { VERDICT_EXITS } from "../../lib/judge/mod.ts";
import { Outcome, withExit } from "../../lib/cli/mod.ts";
import type { ShownGate } from "./shown_gate.ts";

/** What a command that ran a gate returns. If the gate was stopped, the frame derives the exit code from the signal. */
export function gateOutcome(shown: ShownGate): Outcome {
  const { isStopped, verdict } = shown.report;
  return isStopped ? new Outcome(shown, undefined) : withExit(shown, VERDICT_EXITS[verdict]);
}
