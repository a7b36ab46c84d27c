import type { PairCount, PairFailure, PairRound } from "./pair_report.ts";
import type { Side, SideItem } from "./fetch_side.ts";

/** Failures by which a download is lost in silence. */
const SILENT: readonly (string | null)[] = ["timeout", "stall"];
const MAX_FAILURES = 5;

/** A round, and what both profiles made of it. */
export interface RoundSides extends Pick<PairRound, "round" | "seed" | "first"> {
  /** The profile that is judged. */
  readonly profile: Side;
  /** The profile that it is compared with. */
  readonly against: Side;
}

/**
 * Count what the two sides of a round have in common, and in what they differ.
 *
 * @param sides The items of both sides, which have the same keys
 * @returns The counts, and the times of all downloads
 * @throws {RangeError} If the sides have other items
 */
export function pairRound({ round, seed, first, profile, against }: RoundSides): PairRound {
  const others = new Map(against.items.map((item) => [item.key, item]));
  const pairs = profile.items.map((item) => [item, others.get(item.key)] as const);
  if (others.size !== pairs.length || pairs.some(([, other]) => other === undefined)) {
    throw new RangeError(`Cannot pair the downloads of round ${round}: the items of the two profiles differ`);
  }
  const matched = pairs as readonly Pair[];
  const hit = matched.filter(([one, other]) => one.isHit && other.isHit);
  const hasFailed = ({ failure }: SideItem) => failure !== null;
  return {
    round,
    seed,
    first,
    items: matched.length,
    failed: count(matched, hasFailed),
    timedOut: count(matched, ({ failure }) => SILENT.includes(failure)),
    hit: hit.length,
    unrecovered: count(hit, hasFailed),
    times: { profile: timesOf(profile), against: timesOf(against) },
    seconds: { profile: profile.seconds, against: against.seconds },
    failures: [...failuresOf("profile", profile), ...failuresOf("against", against)],
  };
}

type Pair = readonly [SideItem, SideItem];

function count(pairs: readonly Pair[], is: (item: SideItem) => boolean): PairCount {
  const found = pairs.map(([one, other]) => [is(one), is(other)] as const);
  return {
    both: found.filter(([one, other]) => one && other).length,
    profile: found.filter(([one, other]) => one && !other).length,
    against: found.filter(([one, other]) => !one && other).length,
  };
}

/** Times of at least a millisecond, so that their ratio exists. */
function timesOf({ items }: Side): readonly number[] {
  return items.flatMap(({ ms }) => ms === null ? [] : [Math.max(1, ms)]).sort((a, b) => a - b);
}

function failuresOf(side: PairFailure["side"], { items }: Side): readonly PairFailure[] {
  return items.flatMap(({ key, failure, message }) => failure === null ? [] : [{ side, key, failure, message }])
    .slice(0, MAX_FAILURES);
}
