import { KitError, thisMachine } from "../../lib/base/mod.ts";
import { readConfigText } from "../../lib/config/mod.ts";
import {
  type CheckResult,
  type ConditionPlace,
  type GateCondition,
  type GateConfig,
  type GatePhase,
  type GateReport,
  type GateRow,
  parseGateConfig,
  parseRequirement,
  runGate,
} from "../../lib/gate/mod.ts";
import { claimsOfBenchmark } from "./claims_of_benchmark.ts";
import { findWeakened } from "./find_weakened.ts";
import { openGitRepository } from "./git_repository.ts";
import { CHECK_NAMES, houseChecks } from "../house_checks.ts";
import { problemsOfReport } from "./problems_of_report.ts";
import { readReports } from "./read_reports.ts";
import { TestRuns } from "../test_runs.ts";

/** Default path of the phases file. */
export const PHASES_FILE = "config/phases.yml";

/** Read a phases file. */
export async function readPhases(path: string): Promise<GateConfig> {
  const text = await readConfigText(path, { hint: "Give --phases FILE, or run it in the project's folder" });
  return parseGateConfig(text, { file: path, checks: CHECK_NAMES });
}

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
  /** Path of the phases file; {@linkcode PHASES_FILE} if absent. */
  readonly file?: string | undefined;
  /** The phase's name. */
  readonly phase: string;
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
  const { file = PHASES_FILE, only, isQuick = false, evidence = null, signal, onCondition = () => {}, onRow } = options;
  const config = await readPhases(file);
  const { weakened, notes } = await findWeakened(file, config, signal);
  const phase = withWeakened(findPhase(config, options.phase), weakened);
  await using runs = new TestRuns();
  runs.lcov = options.lcov;
  runs.isWhole = phase.conditions.some(({ id, source, level, isQuick: isPart }) =>
    source.type === "check" && level !== "off" && (only?.includes(id) ?? true) && (isPart || !isQuick) &&
    (["coverage", "untested"].includes(source.name) ||
      (source.name === "tests" && source.parameters.paths === undefined))
  );
  return await runGate(phase, {
    checks: { ...houseChecks(runs), [WEAKENED]: () => Promise.resolve(readWeakened(weakened)) },
    evidence: await readReports(evidence ?? "reports", evidence !== null),
    claimsOf: claimsOfBenchmark,
    problemsOf: problemsOfReport,
    repository: await openGitRepository(config.sources, { signal }),
    machine: thisMachine(),
    only: only === undefined || weakened.length === 0 ? only : [...only, WEAKENED],
    isQuick,
    notes,
    signal,
    onCondition: ({ id }, place) => onCondition(id, place),
    onRow,
  });
}

/** Id of the condition that stands in every report of weakened conditions, whatever the file of phases says. */
const WEAKENED = "weakened";

function withWeakened(phase: GatePhase, weakened: readonly string[]): GatePhase {
  if (weakened.length === 0) return phase;
  const condition: GateCondition = {
    id: WEAKENED,
    title: "No condition demands less than on main",
    phase: phase.name,
    level: "error",
    source: { type: "check", name: WEAKENED, parameters: {} },
    isQuick: true,
    onNoData: "fail",
    require: parseRequirement("= 0"),
    minCount: 1,
    counted: "",
    confidence: 0.95,
    timeoutMs: 60_000,
    command: `git diff main -- ${PHASES_FILE}`,
  };
  return { ...phase, conditions: [...phase.conditions, condition] };
}

function readWeakened(weakened: readonly string[]): CheckResult {
  const value = weakened.length;
  const problems = weakened.map((message) => ({ message }));
  return { value, count: value, unit: "changes", measured: `${value} weakened`, problems };
}
