import { parseToxic, type ToxicRule } from "../sandbox/mod.ts";

/** How bad the network of a stability run can be. */
export const TOXIC_LEVELS = ["none", "mild", "harsh"] as const;

/** One of them. */
export type ToxicLevel = typeof TOXIC_LEVELS[number];

/**
 * Left out: `loginHtml`, after which a person has to look, and `emptyImages`, which no client can tell from an empty
 * gallery. Every other fault has to be overcome without help.
 */
const TOXICS: Readonly<Record<ToxicLevel, readonly string[]>> = {
  none: [],
  mild: [
    ...["latency:20ms,rate=0.3", "jitter:60ms,rate=0.2", "bandwidth:2M,rate=0.1", "slowBody:5ms,rate=0.03"],
    ...["reset,rate=0.08,on=storage+image", "truncate,rate=0.05,on=storage+image", "corrupt,rate=0.05,on=storage"],
    ...["serverError,rate=0.05", "throttle,rate=0.03", "expiredUrl,rate=0.04", "wrongRange,rate=0.04"],
    ...["changedEtag,rate=0.04", "controlCharacters,rate=0.05"],
  ],
  harsh: [
    ...["latency:80ms,rate=0.5", "jitter:300ms,rate=0.3", "bandwidth:500K,rate=0.2", "slowBody:10ms,rate=0.1"],
    ...["reset,rate=0.15,on=storage+image", "truncate,rate=0.12,on=storage+image", "corrupt,rate=0.1,on=storage"],
    ...["stall,rate=0.03,on=storage+image", "serverError,rate=0.12", "throttle,rate=0.06", "expiredUrl,rate=0.1"],
    ...["wrongRange,rate=0.1", "changedEtag,rate=0.1", "controlCharacters,rate=0.1"],
  ],
};

/** Waits are no faults that anything has to be recovered from. */
const HARMLESS: ReadonlySet<string> = new Set(["latency", "jitter", "bandwidth", "slowBody"]);

/**
 * The faults of a job.
 *
 * @param level How bad
 * @param seed The job's own: equal seeds hit equal requests
 * @returns Rules
 */
export function stabilityToxics(level: ToxicLevel, seed: number): readonly ToxicRule[] {
  return TOXICS[level].map((text) => ({ ...parseToxic(text), seed }));
}

/** How many of an answer's faults have to be overcome. */
export function countFaults(toxics: readonly string[]): number {
  return toxics.filter((name) => !HARMLESS.has(name)).length;
}
