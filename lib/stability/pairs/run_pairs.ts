import { join } from "node:path";
import { type RoundsPlace, type RoundsProgress, type RoundWork, runRounds } from "../../soak/mod.ts";
import type { ProfileName } from "../../transfer/mod.ts";
import { StabilityWorker, type WorkerHost } from "../work/stability_worker.ts";
import { fetchSide, type Side } from "./fetch_side.ts";
import { judgePairs, verdictOfPairs } from "./judge_pairs.ts";
import { PAIR_SCHEMA, type PairReport, type PairRound, type PairSettings } from "./pair_report.ts";
import { pairRound } from "./pair_round.ts";

/** The order of the profiles; each is compared with the one before. */
const LADDER: readonly ProfileName[] = ["stable", "resilient", "parallel", "turbo"];

/** The profile before another; `null` for the first. */
export function predecessorOf(profile: ProfileName): ProfileName | null {
  return LADDER[LADDER.indexOf(profile) - 1] ?? null;
}

/**
 * Let two profiles do the same programs of work in turns, under the same faults: see {@linkcode runRounds}.
 *
 * @param host Signal, commit, worker and display of the program
 * @param settings What is compared
 * @param place Report and work folder
 * @returns The report
 */
export async function runPairs(
  host: WorkerHost<RoundsProgress<PairRound>>,
  settings: PairSettings,
  place: RoundsPlace,
): Promise<PairReport> {
  return await runRounds(host, {
    command: "paired-stability",
    schema: PAIR_SCHEMA,
    settings,
    rounds: settings.rounds,
    lanes: settings.lanes,
    judge: judgePairs,
    verdictOf: verdictOfPairs,
    factsOf: () => ({}),
    async open({ folder, stack }): Promise<RoundWork<PairRound>> {
      const lanes = await Promise.all(Array.from({ length: settings.lanes }, async (_, lane) => {
        const own = join(folder, `lane-${lane}`);
        await Deno.mkdir(own);
        // Each round has sandboxes on ports of its own.
        const worker = stack.use(new StabilityWorker(host, { folder: own, origins: ["http://127.0.0.1"] }));
        return { folder: own, worker };
      }));
      return async (round, { lane, signal }) => {
        const done = await doRound(round, settings, { ...lanes[lane]!, signal });
        for (const { side, key, failure, message } of done.failures) {
          host.display.detail(`round ${round + 1}: ${settings[side]}: ${key}: ${failure}: ${message}`);
        }
        return done;
      };
    },
  }, place);
}

interface PairLane {
  readonly folder: string;
  readonly worker: StabilityWorker;
  readonly signal: AbortSignal;
}

/** Let both profiles do a round, the profile first in every second one. */
async function doRound(round: number, settings: PairSettings, lane: PairLane): Promise<PairRound> {
  const { profile, against, toxics: level } = settings;
  const seed = settings.seed + round;
  const first = round % 2 === 0 ? "profile" : "against";
  const fetch = async (engine: ProfileName): Promise<Side> => {
    const id = `${round}-${engine}`;
    return await fetchSide({ ...lane, id, seed, engine, level, folder: join(lane.folder, id) });
  };
  const early = await fetch(first === "profile" ? profile : against);
  const late = await fetch(first === "profile" ? against : profile);
  const [ours, theirs] = first === "profile" ? [early, late] : [late, early];
  return pairRound({ round, seed, first, profile: ours, against: theirs });
}
