import type { Evidence, EvidenceHeader } from "../../lib/base/mod.ts";

/** Schema of the report of one system. */
export const ENVIRONMENT_SCHEMA = "civitai-dl/environment";
/** Schema of the report that the gate reads. */
export const ENVIRONMENTS_SCHEMA = "civitai-dl/environments";

/** The systems on which the program has to work: Deno's name for each, and its claim in the report. */
export const SYSTEMS: Readonly<Record<string, string>> = { linux: "linux", darwin: "macos", windows: "windows" };

/** What was tried on a system. */
export interface EnvironmentClaim {
  /** `self-test` or `tests`; in the joined report the name of the system. */
  readonly id: string;
  /** Number of steps or tests that failed. */
  readonly events: number;
  /** Number of steps or tests that ran. */
  readonly trials: number;
  readonly verdict: "pass" | "fail";
  /** For people. */
  readonly note: string;
}

/** What decides which runs may be compared. */
export interface EnvironmentSettings {
  /** `all`, or the paths of the tests that ran. */
  readonly tests: string;
}

/** The report of one system, not sealed yet. */
export interface EnvironmentReport extends EnvironmentHeader {
  /** Name of the system, a value of {@linkcode SYSTEMS}. */
  readonly system: string;
}

/** The report of all systems, not sealed yet. */
export interface EnvironmentsReport extends EnvironmentHeader {
  /** The sealed reports of the systems, as they were read. */
  readonly parts: readonly Evidence[];
}

interface EnvironmentHeader extends EvidenceHeader {
  readonly settings: EnvironmentSettings;
  readonly claims: readonly EnvironmentClaim[];
}
