import { type Claim, judgeClaim } from "../../judge/mod.ts";
import type { ConcurrencyRound } from "./concurrency_report.ts";

/**
 * Explain why a run proves nothing about concurrency: nothing was concurrent in it, or there were no faults.
 *
 * @param run The run, with its largest number of open requests
 * @returns The reason; `null` if the run counts, or has only one worker
 */
export function explainReservation(
  run: Omit<ConcurrencyRound, "round" | "errors" | "reservation" | "messages">,
): string | null {
  const { workers, processes, peak, waits, shares, faults } = run;
  if (workers * processes === 1) return null;
  if (processes > 1 && (waits === 0 || shares.some((share) => share === 0))) {
    return "no process had to wait for the other, or one of them fetched nothing";
  }
  // Small files are done so soon that not every worker is always at one.
  if (peak <= workers / 2) return `at most ${peak} requests were open at the same time`;
  return faults === 0 ? "no response had a fault" : null;
}

/**
 * Judge the errors of concurrency of all runs with more than one worker, per file. Runs in which nothing was concurrent
 * do not count.
 *
 * @param runs All runs, those with one worker included
 * @returns The claim `concurrency_error_rate`, whose rate must be below 0.1 %
 */
export function judgeConcurrency(runs: readonly ConcurrencyRound[]): Claim {
  const concurrent = runs.filter(({ workers, processes }) => workers * processes > 1);
  // What failed in a run has failed, even if nothing was concurrent in it because a process ended at once.
  const counted = concurrent.filter(({ reservation, errors }) => reservation === null || errors > 0);
  const sum = (key: "files" | "errors") => counted.reduce((total, one) => total + one[key], 0);
  const ignored = concurrent.filter((run) => !counted.includes(run))
    .map(({ name, reservation }) => `${name} does not count: ${reservation}`);
  return judgeClaim({
    id: "concurrency_error_rate",
    kind: "rate",
    unit: "rate",
    events: Math.min(sum("files"), sum("errors")),
    trials: sum("files"),
    counted: "downloads",
    requirement: { op: "<", value: 0.001 },
    ...ignored.length === 0 ? {} : { reservation: ignored.join("; ") },
  });
}
