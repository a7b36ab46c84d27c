import { formatDuration } from "../../base/mod.ts";
import type { RoundsProgress } from "../../soak/mod.ts";
import type { PairRound, PairSettings } from "./pair_report.ts";

/**
 * Describe how far a run is: `round 3 of 12 (16 %): 174 pairs, 0 failed with parallel, 1 with resilient; 7m left`.
 *
 * @param settings What is compared
 * @param progress The state of the run
 * @returns One line
 */
export function describePairProgress(
  { profile, against }: Pick<PairSettings, "profile" | "against">,
  { planned: rounds, done, earlier, active, elapsedMs }: RoundsProgress<Pick<PairRound, "items" | "failed">>,
): string {
  const number = Math.min(rounds, done.length + 1);
  const head = `round ${number} of ${rounds} (${Math.floor(100 * done.length / rounds)} %)`;
  const sum = (of: (round: Pick<PairRound, "items" | "failed">) => number) =>
    done.reduce((total, round) => total + of(round), 0);
  const found = [
    `${sum(({ items }) => items)} pairs`,
    `${sum(({ failed }) => failed.both + failed.profile)} failed with ${profile}`,
    `${sum(({ failed }) => failed.both + failed.against)} with ${against}`,
  ].join(", ");
  const finished = done.length - earlier;
  if (finished === 0) return `${head}: ${found}; ${active} under way, the first takes about a minute`;
  const leftMs = elapsedMs / finished * (rounds - done.length);
  return `${head}: ${found}; ${formatDuration(1000 * Math.round(leftMs / 1000))} left`;
}
