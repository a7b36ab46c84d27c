import { KitError, thisMachine } from "../../lib/base/mod.ts";
import {
  type ConditionPlace,
  type GateConfig,
  type GatePhase,
  type GateReport,
  type GateRow,
  runGate,
} from "../../lib/gate/mod.ts";
import { claimsOfBenchmark } from "./claims_of_benchmark.ts";
import { openGitRepository } from "./git_repository.ts";
import { TARGET_BRANCH } from "../find_base.ts";
import { houseChecks, runsAllTests } from "../house_checks.ts";
import { problemsOfReport } from "./problems_of_report.ts";
import { readPhases } from "./read_phases.ts";
import { readReports } from "./read_reports.ts";
import { TestRuns } from "../test_runs.ts";

/** Find a phase by its name; `phase1` finds the phase `1`, unless there is one with that name. */
export function findPhase(config: GateConfig, name: string): GatePhase {
  const named = (wanted: string) => config.phases.find((one) => one.name === wanted);
  const phase = named(name) ?? named(name.replace(/^phase(?=\d)/, ""));
  if (phase !== undefined) return phase;
  const names = config.phases.map((one) => one.name).join(", ");
  throw new KitError("usage", `Cannot find phase "${name}": there are ${names}`);
}

/** Options of {@linkcode judgePhase}. */
export interface JudgePhaseOptions {
  /** The phase's name. */
  readonly phase: string;
  /**
   * The phases file.
   *
   * @default {that of the project}
   */
  readonly file?: string | undefined;
  /**
   * The branch that the work is merged into, with which it is compared.
   *
   * @default {TARGET_BRANCH}
   */
  readonly target?: string | undefined;
  /** Ids of the conditions to judge; all if absent. */
  readonly only?: readonly string[] | undefined;
  /** Whether to judge only the quick conditions; `false` if absent. */
  readonly isQuick?: boolean | undefined;
  /** Folder of the reports, which must exist. If `null` or absent, it is `reports`, which need not exist. */
  readonly evidence?: string | null | undefined;
  /** File for the coverage in the format of lcov; none if absent. */
  readonly lcov?: string | undefined;
  /** Signal that stops the checks. */
  readonly signal: AbortSignal;
  /** Called with the id of each condition before it is judged, its number and the number of all. */
  readonly onCondition?: ((id: string, place: ConditionPlace) => void) | undefined;
  /** Called with each condition after it was judged. */
  readonly onRow?: ((row: GateRow) => void) | undefined;
}

/** Judge a phase of the project in the working directory. */
export async function judgePhase(options: JudgePhaseOptions): Promise<GateReport> {
  const {
    file,
    target = TARGET_BRANCH,
    only,
    isQuick = false,
    evidence = null,
    signal,
    onCondition = () => {},
    onRow,
  } = options;
  const config = await readPhases(file);
  const phase = findPhase(config, options.phase);
  await using runs = new TestRuns();
  runs.lcov = options.lcov;
  runs.isWhole = phase.conditions.some((condition) =>
    (only?.includes(condition.id) ?? true) && (condition.isQuick || !isQuick) && runsAllTests(condition)
  );
  return await runGate(phase, {
    checks: houseChecks({ runs, target }),
    evidence: await readReports(evidence ?? "reports", evidence !== null),
    claimsOf: claimsOfBenchmark,
    problemsOf: problemsOfReport,
    repository: await openGitRepository(config.sources, { signal }),
    machine: thisMachine(),
    only,
    isQuick,
    notes: file === undefined ? [] : [`The conditions are those of ${file}`],
    signal,
    onCondition: ({ id }, place) => onCondition(id, place),
    onRow,
  });
}
