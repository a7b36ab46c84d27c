/** The faults that may cause each failure. */
const REASONS: Readonly<Record<string, readonly string[]>> = {
  connection: ["reset", "truncate"],
  unusable: ["loginHtml"],
  server: ["serverError", "wrongRange", "changedEtag", "swap", "resolve"],
  throttled: ["throttle", "serverError"],
  expired: ["expiredUrl"],
  changed: ["wrongRange", "changedEtag", "swap"],
  integrity: ["corrupt", "swap"],
};
/** Timeouts are short, and the machine may be busy: these failures need no fault. */
const WAITS = ["timeout", "stall"];

/** Whether the faults of a run explain the failure of a session. */
export function isJustified(
  failure: string,
  facts: {
    /** All faults so far, in this session or before. */
    readonly faults: ReadonlySet<string>;
    /** Which object's hash is published, and which is served. */
    readonly hashOf: number | null;
    readonly current: number;
    /** Whether there are no further faults. */
    readonly isCalm: boolean;
  },
): boolean {
  const { faults, hashOf, current, isCalm } = facts;
  if (failure === "integrity" && hashOf !== null && hashOf !== current) return true;
  // Damage in the part outlives the fault; nothing else does.
  if (isCalm && failure !== "integrity") return false;
  return WAITS.includes(failure) || (REASONS[failure] ?? []).some((fault) => faults.has(fault));
}
