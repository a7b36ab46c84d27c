import type { PairRound } from "../../../lib/stability/mod.ts";

/** A round of 100 pairs without failures, of which 30 are hit; all take 100 ms, and two of them 3 s. */
export function roundOf(round: number, changes: Partial<PairRound> = {}): PairRound {
  const none = { both: 0, profile: 0, against: 0 };
  const times = [...Array<number>(98).fill(100), 3000, 3000];
  return {
    round,
    seed: round + 1,
    first: round % 2 === 0 ? "profile" : "against",
    items: 100,
    failed: none,
    timedOut: none,
    hit: 30,
    unrecovered: none,
    times: { profile: times, against: times },
    seconds: { profile: 5, against: 6 },
    failures: [],
    ...changes,
  };
}

/** As many rounds, each with the same changes. */
export function roundsOf(count: number, changes: Partial<PairRound> = {}): readonly PairRound[] {
  return Array.from({ length: count }, (_, round) => roundOf(round, changes));
}
