import type { GateCheckOptions } from "../lib/gate/mod.ts";
import type { TestRuns } from "./test_runs.ts";

/** What every check of the house may use. */
export interface HouseOptions extends GateCheckOptions {
  /** Runs the tests, each selection once. */
  readonly runs: TestRuns;
  /** The branch that the project is merged into. */
  readonly target: string;
}
