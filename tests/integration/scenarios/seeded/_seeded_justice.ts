/** What may have led to each failure. */
const REASONS: Readonly<Record<string, readonly string[]>> = {
  connection: ["reset", "truncate"],
  unusable: ["loginHtml"],
  server: ["serverError", "wrongRange", "changedEtag", "swap", "resolve"],
  throttled: ["throttle", "serverError"],
  expired: ["expiredUrl"],
  changed: ["wrongRange", "changedEtag", "swap"],
  integrity: ["corrupt", "swap"],
};
/** Limits are short, and the machine may be busy with something else: nothing needs to go wrong for these. */
const WAITS = ["timeout", "stall"];

/** Whether the faults of a run explain how a session failed. */
export function isJustified(
  failure: string,
  facts: {
    /** All that went wrong so far, in this session or before. */
    readonly faults: ReadonlySet<string>;
    /** Whose hash was published, and which object is served. */
    readonly hashOf: number | null;
    readonly current: number;
    /** Whether nothing goes wrong any more. */
    readonly isCalm: boolean;
  },
): boolean {
  const { faults, hashOf, current, isCalm } = facts;
  if (failure === "integrity" && hashOf !== null && hashOf !== current) return true;
  // Damage that is in the part outlives the fault; nothing else does.
  if (isCalm && failure !== "integrity") return false;
  return WAITS.includes(failure) || (REASONS[failure] ?? []).some((fault) => faults.has(fault));
}
