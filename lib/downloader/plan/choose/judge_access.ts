import type { Model, ModelVersion } from "../../../civitai/mod.ts";

/** Why the files of a version are not available now. */
export interface AccessVerdict {
  /** `deferred` if they become available at a known time, `refused` if not. */
  readonly state: "deferred" | "refused";
  /** Outcome of each item. */
  readonly outcome: "early-access" | "disabled" | "archived" | "removed" | "flagged";
  /** Explanation, for the user. */
  readonly reason: string;
  /** Time of the next attempt, in milliseconds since the epoch; `null` when `refused`. */
  readonly notBefore: number | null;
}

/**
 * Judge from the listing alone whether the files of a version are available, so that no request is wasted on files that
 * would be refused.
 *
 * @param model The model, whose mode shows whether it is archived or taken down
 * @param version The version, with its usage control and early access
 * @param options `nowMs`: current time; `tryEarlyAccess`: treat files in early access as available
 * @returns Why the files are not available; `null` if they should be available
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseModel } from "@civitai-dl/civitai-dl/civitai";
 * import { judgeAccess } from "@civitai-dl/civitai-dl/downloader";
 *
 * const model = parseModel({ id: 1, name: "A", mode: "Archived", modelVersions: [{ id: 2 }] });
 * const verdict = judgeAccess(model, model.versions[0]!, { nowMs: Date.now(), tryEarlyAccess: false });
 * assertEquals([verdict?.state, verdict?.reason], ["refused", "the model is archived"]);
 * ```
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
  if (version.permanentlyPaid) return refuse("early-access", "it is only sold, and never becomes free");
  return null;
}

function refuse(outcome: AccessVerdict["outcome"], reason: string): AccessVerdict {
  return { state: "refused", outcome, reason, notBefore: null };
}
