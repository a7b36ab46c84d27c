import type { SideRuns } from "../../lib/bench/mod.ts";
import type { ReportedTarget } from "../../lib/report/mod.ts";
import type { Tools } from "./_tools.ts";

/** What a target's workload is given. */
export interface PeerBench {
  /** Measured rounds. */
  readonly runs: number;
  /** Share of the full size, from 0 to 1. */
  readonly scale: number;
  /** Name of the engine's profile. */
  readonly engine: string;
  /** Names of all profiles that exist. */
  readonly engines: readonly string[];
  /** Programs of this machine. */
  readonly tools: Tools;
  /** A folder for all; it is removed at the end. */
  readonly folder: string;
  /** Told how far it is. */
  readonly tell: (text: string) => void;
  /** Make something once for all targets that want it. */
  readonly once: <T>(name: string, make: () => Promise<T>) => Promise<T>;
  /** Stops everything. */
  readonly signal: AbortSignal;
}

/** What a workload brought. */
export interface PeerMeasurement extends Pick<ReportedTarget, "workload" | "criteria" | "charts" | "notes"> {
  /** All runs. */
  readonly runs: readonly SideRuns[];
}

/** One target of the engine. */
export interface PeerTarget {
  /** `P1` to `P10`. */
  readonly id: string;
  /** One line. */
  readonly title: string;
  /** Build the workload, let all sides run, and put everything away. */
  readonly measure: (bench: PeerBench) => Promise<PeerMeasurement>;
}
