import { canonicalJson, formatDuration, KitError, openEvidence } from "../../lib/base/mod.ts";
import type { SoakEvidence } from "../../lib/soak/mod.ts";
import type { StabilityWish } from "./run_stability.ts";

/** What may not change within a run, by its flag: one report cannot tell of two. */
const KEPT = {
  seed: "seed",
  toxics: "level",
  pace: "perSecond",
  lanes: "lanes",
  "abort-on": "abortOn",
  "delay-abort": "delayAbortMs",
} as const satisfies Readonly<Record<string, keyof StabilityWish>>;

/**
 * Complete what a run that goes on is to do: what was not asked for is as it was.
 *
 * @param wish What was asked for; what `isGiven` does not know counts for nothing
 * @param text The report
 * @returns The same with all that the report says
 * @throws {EvidenceError} If the report is cut off, was changed, or is of another kind
 * @throws {KitError} `unsafe` if what was given is not as it was; only time and interval may change
 */
export function resumedWish(wish: StabilityWish, text: string): StabilityWish {
  const report = openEvidence(text, { schema: "civitai-dl/stability" }) as unknown as SoakEvidence;
  const earlier = { ...wish, ...wishOf(report) };
  const others = Object.entries(KEPT).filter(([flag, name]) =>
    wish.isGiven(flag) && canonicalJson(sorted(wish[name])) !== canonicalJson(sorted(earlier[name]))
  );
  if (others.length > 0) {
    const words = others.map(([flag, name]) =>
      `--${flag} is ${wordsOf(name, wish)}, and the run began with ${wordsOf(name, earlier)}`
    );
    throw new KitError("unsafe", `Cannot resume: ${words.join("; ")}`, {
      hint: "Leave it out to go on as before, or begin a new run",
    });
  }
  return {
    ...earlier,
    ...wish.isGiven("duration") ? { plannedMs: wish.plannedMs } : {},
    ...wish.isGiven("report-interval") ? { intervalMs: wish.intervalMs } : {},
  };
}

/** What the report knows of it. */
function wishOf({ settings, plannedMs, intervalMs, abortOn, delayAbortMs }: SoakEvidence): Partial<StabilityWish> {
  const { toxics: level, perSecond, lanes, seed } = settings as unknown as StabilityWish & {
    readonly toxics: StabilityWish["level"];
  };
  return { level, perSecond, lanes, seed, plannedMs, intervalMs, abortOn, delayAbortMs };
}

/** The order of claims says nothing. */
function sorted(value: unknown): unknown {
  return Array.isArray(value) ? value.toSorted() : value;
}

function wordsOf(name: keyof StabilityWish, wish: StabilityWish): string {
  if (name === "abortOn") return wish.abortOn.join(",") || "none";
  return name === "delayAbortMs" ? formatDuration(wish.delayAbortMs) : String(wish[name]);
}
