import type { Random } from "../../lib/base/mod.ts";
import { judgePairs, type PairRound, verdictOfPairs } from "../../lib/stability/mod.ts";

/** A simulated run of `paired-stability`, with what is true of the profile that it judges. */
export interface PairSession {
  readonly random: Random;
  readonly rounds: number;
  /**
   * Share of all downloads that fail with the profile but not with its predecessor.
   *
   * @default {0}
   */
  readonly worse?: number;
  /**
   * The same, as a share of the downloads that a fault hit.
   *
   * @default {0}
   */
  readonly worseOfHit?: number;
  /**
   * How many times as long the profile waits in silence.
   *
   * @default {1}
   */
  readonly slower?: number;
}

/** As in real rounds: 90 downloads, of which a fault hits 21. */
const ITEMS = 90;
const HIT = 21;
/** Share of the downloads that fail with either profile: more than real runs have. */
const FAILED = 0.0002;
/** In one round of fifty, something goes wrong that makes failures ten times as frequent. */
const BAD_ROUND = { share: 0.02, times: 10 };
/** How often a download meets a wait, and how long that is in milliseconds, as in real rounds. */
const WAITS = [
  { share: 0.016, minMs: 6100, maxMs: 6400 },
  { share: 0.014, minMs: 3100, maxMs: 3300 },
  { share: 0.03, minMs: 2000, maxMs: 2500 },
];
/** The same fault nearly always hits both profiles. */
const SHARED = 0.9;

/** Simulate a run, and judge it as `stability-kept` does. */
export function judgePairedRun(session: PairSession): string {
  return verdictOfPairs(judgePairs(simulatePairs(session)), { type: "planned" });
}

/** The same as `stability-improved` does: as stable in everything, and better in something. */
export function judgeImprovedRun(session: PairSession): string {
  const claims = judgePairs(simulatePairs(session));
  const kept = verdictOfPairs(claims, { type: "planned" });
  const improved = claims.find(({ id }) => id === "improvement")!.verdict;
  if (kept === "fail" || improved === "fail") return "fail";
  return kept === "pass" ? improved : kept;
}

function simulatePairs(session: PairSession): readonly PairRound[] {
  return Array.from({ length: session.rounds }, (_, round) => simulateRound(round, session));
}

function simulateRound(round: number, session: PairSession): PairRound {
  const { random, worse = 0, worseOfHit = 0, slower = 1 } = session;
  const times = random() < BAD_ROUND.share ? BAD_ROUND.times : 1;
  const draw = (trials: number, share: number) => {
    let count = 0;
    for (let trial = 0; trial < trials; trial++) if (random() < share) count++;
    return count;
  };
  // Most failures are of downloads that a fault hit.
  const failed = () => draw(ITEMS, FAILED * times);
  const ours = failed();
  const theirs = failed();
  const unrecovered = draw(HIT, worseOfHit);
  const failedCount = { both: 0, profile: ours + unrecovered + draw(ITEMS - HIT, worse), against: theirs };
  return {
    round,
    seed: round,
    first: round % 2 === 0 ? "profile" : "against",
    items: ITEMS,
    failed: failedCount,
    timedOut: { both: 0, profile: 0, against: 0 },
    hit: HIT,
    unrecovered: { both: 0, profile: ours + unrecovered, against: theirs },
    times: timesOf(random, slower),
    seconds: { profile: 0, against: 0 },
    failures: [],
  };
}

function timesOf(random: Random, slower: number): PairRound["times"] {
  const busy = Math.exp(0.6 * (random() - 0.5));
  const profile: number[] = [];
  const against: number[] = [];
  for (let item = 0; item < ITEMS; item++) {
    const roll = random();
    const other = random() < SHARED ? roll : random();
    profile.push(slower * timeOf(random, roll / busy));
    against.push(timeOf(random, other / busy));
  }
  return { profile, against };
}

function timeOf(random: Random, roll: number): number {
  let sum = 0;
  for (const { share, minMs, maxMs } of WAITS) {
    sum += share;
    if (roll < sum) return minMs + (maxMs - minMs) * random();
  }
  return 100;
}
