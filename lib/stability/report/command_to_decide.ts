import { formatDuration, shell } from "../../base/mod.ts";
import type { SoakClaim, SoakEvidence } from "../../soak/mod.ts";
import { timesToDecide } from "../../stats/mod.ts";

/** How much longer a run must be, at the same rate, and the verdict that it then has. */
export interface LongerRun {
  /** The factor; `null` if not even 1000 times the length is enough. */
  readonly times: number | null;
  /** The verdict. */
  readonly verdict: "pass" | "fail";
}

/** The default length of a run. */
const USUAL = "4h";

/**
 * Return the command of a run that is long enough to decide about an open claim, if it goes on like this.
 *
 * @param claim The claim
 * @param run How long the run was
 * @returns A run of the usual length for a claim without samples; an empty text for a claim that is decided, or that no
 * run of reasonable length decides
 */
export function commandToDecide(
  claim: SoakClaim,
  { actualMs, plannedMs }: Pick<SoakEvidence, "actualMs" | "plannedMs">,
): string {
  const { id, verdict, estimate, unit, decides } = claim;
  if (verdict !== "inconclusive") return "";
  const runFor = (length: string): string => shell`civitai-dl stability --duration ${length}`;
  if (decides !== undefined) return runFor(decides.replace("--duration ", ""));
  // The run was stopped before its planned end.
  if (id === "duration") return runFor(duration(plannedMs));
  if (estimate === null) return runFor(USUAL);
  const times = unit === "rate" ? longerRunOf(claim)?.times ?? null : null;
  return times === null ? "" : runFor(duration(Math.ceil(actualMs * times / 60_000) * 60_000));
}

/**
 * Estimate how much longer a run must be to decide about a rate that is open.
 *
 * @param claim The claim
 * @returns The factor and the verdict; `null` for any other claim
 */
export function longerRunOf(
  { unit, verdict, estimate, events, trials, requirement: { op, value } }: SoakClaim,
): LongerRun | null {
  if (unit !== "rate" || verdict !== "inconclusive" || estimate === null || events === null) return null;
  const [isMet, decides] = op === "<"
    ? [estimate < value, (low: number, high: number) => estimate < value ? high < value : low >= value]
    : [estimate > value, (low: number, high: number) => estimate > value ? low > value : high <= value];
  const found = timesToDecide({ events, trials, confidence: 0.95 }, ({ low, high }) => decides(low, high));
  return { times: found?.times ?? null, verdict: isMet ? "pass" : "fail" };
}

/** The length as a flag takes it, such as `2h30m`. */
function duration(ms: number): string {
  return formatDuration(ms).replaceAll(" ", "");
}
