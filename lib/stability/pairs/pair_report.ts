import type { RoundsReport } from "../../soak/mod.ts";
import type { ProfileName } from "../../transfer/mod.ts";
import type { ToxicLevel } from "../work/stability_toxics.ts";

/** Schema of the report. */
export const PAIR_SCHEMA = "civitai-dl/paired-stability";

/** What a run compares, and under which faults. A resumed run has the same. */
export interface PairSettings {
  /** The profile that is judged. */
  readonly profile: ProfileName;
  /** The profile that it is compared with. */
  readonly against: ProfileName;
  /** Level of the faults. */
  readonly toxics: ToxicLevel;
  /** Seed of the first round; each round has the next one. */
  readonly seed: number;
  /** Number of rounds. */
  readonly rounds: number;
  /** Number of rounds that are under way at the same time. */
  readonly lanes: number;
}

/** Of how many downloads something is true with both profiles, or with only one of them. */
export interface PairCount {
  /** With both profiles. */
  readonly both: number;
  /** Only with the profile that is judged. */
  readonly profile: number;
  /** Only with the profile that it is compared with. */
  readonly against: number;
}

/** A download that failed. */
export interface PairFailure {
  /** With which of the two profiles. */
  readonly side: "profile" | "against";
  /** Key of the item in the catalog. */
  readonly key: string;
  /** Class of the failure. */
  readonly failure: string;
  /** What the program, or the comparison with the source, says about it. */
  readonly message: string;
}

/** One program of work, done by both profiles from the same seed: a pair of downloads for each item. */
export interface PairRound {
  /** Number of the round, from 0. */
  readonly round: number;
  /** Seed of its catalog and faults. */
  readonly seed: number;
  /** Which profile went first. */
  readonly first: "profile" | "against";
  /** Number of items, each of which both profiles had to fetch. */
  readonly items: number;
  /** Downloads that failed. */
  readonly failed: PairCount;
  /** Downloads lost to a silent server: they failed by a timeout or a stall. */
  readonly timedOut: PairCount;
  /** Items that a fault hit with both profiles. */
  readonly hit: number;
  /** Those of them whose download failed all the same. */
  readonly unrecovered: PairCount;
  /** For how long a request for each item was open, in milliseconds, in ascending order. */
  readonly times: { readonly profile: readonly number[]; readonly against: readonly number[] };
  /** How long each side took, in seconds. */
  readonly seconds: { readonly profile: number; readonly against: number };
  /** The first failures of each side. */
  readonly failures: readonly PairFailure[];
}

/** The findings of a run so far; `improvement` is no part of its verdict. */
export type PairReport = RoundsReport<PairSettings, PairRound>;
