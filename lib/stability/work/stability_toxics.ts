import { parseToxic, type ToxicRule } from "../../sandbox/mod.ts";

/** Levels of network faults in a stability run. */
export const TOXIC_LEVELS = ["none", "mild", "harsh"] as const;

/** One of {@linkcode TOXIC_LEVELS}. */
export type ToxicLevel = typeof TOXIC_LEVELS[number];

/**
 * Faults that only larger files have, since the body of others ends before: a wrong byte, often in a part that is then
 * resumed, or in a file that several connections fetch because the rate of each is limited.
 */
const OF_LARGE_FILES: readonly string[] = [
  "corrupt:1M,rate=0.8,on=storage,first=1",
  "reset:6M,rate=0.5,on=storage,first=1",
  "bandwidth:16M,rate=0.7,on=storage",
];

/**
 * Faults of each level. The program must recover from each of them without help, so two are omitted: `loginHtml`, which
 * requires a person, and `emptyImages`, which no client can distinguish from an empty gallery. A third attempt gets no
 * wrong byte, since it is the last.
 */
const TOXICS: Readonly<Record<ToxicLevel, readonly string[]>> = {
  none: [],
  mild: [
    ...["latency:20ms,rate=0.3", "jitter:60ms,rate=0.2", "bandwidth:4M,rate=0.1", "slowBody:5ms,rate=0.03"],
    ...[
      "reset,rate=0.08,on=storage+image",
      "truncate,rate=0.05,on=storage+image",
      "corrupt,rate=0.05,on=storage,first=2",
    ],
    ...["serverError,rate=0.05", "throttle,rate=0.03", "expiredUrl,rate=0.04", "wrongRange,rate=0.04"],
    ...["changedEtag,rate=0.04", "controlCharacters,rate=0.05"],
    ...["silence,rate=0.003", "stall,rate=0.008,on=storage+image", "trickle:32,rate=0.006,forMs=20s,on=storage+image"],
    ...OF_LARGE_FILES,
  ],
  harsh: [
    ...["latency:80ms,rate=0.5", "jitter:300ms,rate=0.3", "bandwidth:2M,rate=0.2", "slowBody:10ms,rate=0.1"],
    ...[
      "reset,rate=0.15,on=storage+image",
      "truncate,rate=0.12,on=storage+image",
      "corrupt,rate=0.1,on=storage,first=2",
    ],
    ...[
      "silence,rate=0.01",
      "stall,rate=0.03,on=storage+image",
      "trickle:32,rate=0.02,forMs=20s,on=storage+image",
      "serverError,rate=0.12",
      "throttle,rate=0.06",
      "expiredUrl,rate=0.1",
    ],
    ...["wrongRange,rate=0.1", "changedEtag,rate=0.1", "controlCharacters,rate=0.1"],
    ...OF_LARGE_FILES,
  ],
};

/** Faults that only cause a delay, so that there is nothing to recover from. */
const HARMLESS: ReadonlySet<string> = new Set(["latency", "jitter", "bandwidth", "slowBody", "trickle"]);

/**
 * Create the faults of a job.
 *
 * @param level Level of the faults
 * @param seed Seed of the job; equal seeds affect the same requests
 * @returns Rules for the sandbox
 */
export function stabilityToxics(level: ToxicLevel, seed: number): readonly ToxicRule[] {
  return TOXICS[level].map((text) => ({ ...parseToxic(text), seed }));
}

/** Count the faults of a response that require recovery. */
export function countFaults(toxics: readonly string[]): number {
  return toxics.filter((name) => !HARMLESS.has(name)).length;
}
