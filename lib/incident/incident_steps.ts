/** The problems that have a step of their own; `other` has none. */
export const INCIDENT_PROBLEMS = ["slow", "memory", "timeouts", "other"] as const;

/** What an incident is about. */
export type IncidentProblem = typeof INCIDENT_PROBLEMS[number];

/** Stage of an incident, in this order. */
export type IncidentStage = "contain" | "analyze" | "fix" | "recover";

/** A step of an incident. */
export interface IncidentStep {
  /** Stage that the step belongs to. */
  readonly stage: IncidentStage;
  /** What the step achieves, one sentence without a period. */
  readonly purpose: string;
  /** The command; words in capital letters are for the user to replace. */
  readonly command: string;
  /** Commands that count as this step, each with the words and the flags that it needs: `failsafe hold --release`. */
  readonly doneBy: readonly string[];
  /** A command that the step takes back: it counts only after the last one of these. Absent for most steps. */
  readonly takesBack?: string;
  /** Whether the command only looks: it then counts also when it found trouble (1) or could not decide (3). */
  readonly onlyLooks: boolean;
}

const BEFORE_PROBLEM: readonly IncidentStep[] = [
  {
    stage: "contain",
    purpose: "Use the stable engine from now on, in every run on this library",
    command: "civitai-dl failsafe hold stable",
    doneBy: ["failsafe hold stable"],
    onlyLooks: false,
  },
  {
    stage: "contain",
    purpose: "Find what is wrong on this machine, with the network or with the service",
    command: "civitai-dl health-check",
    doneBy: ["health-check"],
    onlyLooks: true,
  },
  {
    stage: "analyze",
    purpose: "Keep logs, metrics and state as they are now, without secrets",
    command: "civitai-dl debug-info --output debug.zip",
    doneBy: ["debug-info"],
    onlyLooks: true,
  },
  {
    stage: "analyze",
    purpose: "Compare the last hour with the hour before",
    command: "civitai-dl analyze-metrics --timerange 1h",
    doneBy: ["analyze-metrics"],
    onlyLooks: true,
  },
  {
    stage: "analyze",
    purpose: "Count the kinds of errors, by host and time",
    command: "civitai-dl analyze-errors --log-file logs/download.log",
    doneBy: ["analyze-errors"],
    onlyLooks: true,
  },
];

const OF_PROBLEM: Readonly<Record<IncidentProblem, readonly IncidentStep[]>> = {
  slow: [{
    stage: "analyze",
    purpose: "Record where the time goes, and show the hot functions",
    command: "civitai-dl profile -- download --sandbox",
    doneBy: ["profile", "analyze-profile"],
    onlyLooks: true,
  }],
  memory: [{
    stage: "analyze",
    purpose: "Find what holds the memory",
    command: "civitai-dl memory-test",
    doneBy: ["memory-test"],
    onlyLooks: true,
  }],
  timeouts: [{
    stage: "analyze",
    purpose: "Compute timeouts from what this network needs",
    command: "civitai-dl tune-timeouts --adaptive --log-file logs/timeouts.log",
    doneBy: ["tune-timeouts"],
    onlyLooks: true,
  }],
  other: [],
};

const AFTER_PROBLEM: readonly IncidentStep[] = [
  {
    stage: "fix",
    purpose: "Begin a fix, from a checkout; or go back to the last good version with civitai-dl rollback",
    command: "civitai-dl branch start-hotfix NAME",
    doneBy: ["branch start-hotfix", "rollback"],
    onlyLooks: false,
  },
  {
    stage: "fix",
    purpose: "Try the paths that must never break",
    command: "civitai-dl emergency-test",
    doneBy: ["emergency-test", "self-test"],
    onlyLooks: false,
  },
  {
    stage: "fix",
    purpose: "Merge and tag the fix; the gate runs first",
    command: "civitai-dl branch finish-hotfix NAME",
    doneBy: ["branch finish-hotfix", "rollback"],
    onlyLooks: false,
  },
  {
    stage: "recover",
    purpose: "Give the faster engine to a tenth of the files",
    command: "civitai-dl canary --percentage 10",
    doneBy: ["canary", "rollout start"],
    onlyLooks: false,
  },
  {
    stage: "recover",
    purpose: "Then to half of them, when the judge agrees",
    command: "civitai-dl rollout --percentage 50",
    doneBy: ["rollout --percentage", "rollout promote"],
    onlyLooks: false,
  },
  {
    stage: "recover",
    purpose: "Then to all",
    command: "civitai-dl deploy",
    doneBy: ["deploy", "rollout promote --full"],
    onlyLooks: false,
  },
  {
    stage: "recover",
    purpose: "End the hold of the stable engine",
    command: "civitai-dl failsafe hold --release",
    doneBy: ["failsafe hold --release", "failsafe reset"],
    takesBack: "failsafe hold",
    onlyLooks: false,
  },
];

/**
 * List the steps of an incident, in order.
 *
 * @param problem What the incident is about
 * @returns The steps
 */
export function incidentSteps(problem: IncidentProblem): readonly IncidentStep[] {
  return [...BEFORE_PROBLEM, ...OF_PROBLEM[problem], ...AFTER_PROBLEM];
}
