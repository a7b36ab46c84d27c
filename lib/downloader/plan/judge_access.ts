import type { Model, ModelVersion } from "../../civitai/mod.ts";

/** Why a version's files are not to be had now. */
export interface AccessVerdict {
  /** Whether it comes back by itself. */
  readonly state: "deferred" | "refused";
  /** The named outcome. */
  readonly outcome: "early-access" | "disabled" | "archived" | "removed" | "flagged";
  /** For a person. */
  readonly reason: string;
  /** When to try again, milliseconds since the epoch. */
  readonly notBefore: number | null;
}

/**
 * Judge from the listing alone whether a version's files can be had, so that no request is spent on what is refused.
 *
 * @param model The model
 * @param version The version
 * @param options The present
 * @returns Why not, or `null` when nothing speaks against it
 */
export function judgeAccess(
  model: Model,
  version: ModelVersion,
  options: { readonly nowMs: number; readonly tryEarlyAccess: boolean },
): AccessVerdict | null {
  if (model.mode === "Archived") return refuse("archived", "the model is archived");
  if (model.mode === "TakenDown") return refuse("removed", "the model was taken down");
  if (version.usageControl !== "Download") return refuse("disabled", "its creator has disabled downloads");
  if (options.tryEarlyAccess) return null;
  const { earlyAccessUntil: until } = version;
  if (until !== null && Date.parse(until) > options.nowMs) {
    return {
      state: "deferred",
      outcome: "early-access",
      reason: `early access until ${until}`,
      notBefore: Date.parse(until),
    };
  }
  if (version.permanentlyPaid) return refuse("early-access", "it is sold, and never becomes free");
  return null;
}

function refuse(outcome: AccessVerdict["outcome"], reason: string): AccessVerdict {
  return { state: "refused", outcome, reason, notBefore: null };
}
