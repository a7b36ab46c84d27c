import { judgeByGate } from "../_judged.ts";
import { replace, type Sabotage } from "./_sabotage.ts";

/** A change of the file of phases, by which a condition demands less. */
interface Weakening {
  readonly name: string;
  readonly find: string;
  readonly put: string;
  /** What the gate must say of it. */
  readonly says: RegExp;
}

const WEAKENINGS: readonly Weakening[] = [
  {
    name: "weakened-rate",
    find: 'require: "< 0.1%"',
    put: 'require: "< 1%"',
    says: /; phase 3, concurrency-error-rate: require was < 0\.1 %, and is < 1 % \(in \w+\)/,
  },
  {
    name: "switched-off-condition",
    find: "        title: All tests pass\n",
    put: "        title: All tests pass\n        level: off\n",
    says: /; phase 1, tests: level was error, and is off \(in \w+\)/,
  },
  {
    name: "dropped-claim",
    find: "claims: [integrity, restarts]",
    put: "claims: [integrity]",
    says: /; phase 2, harmless-faults: claims was \["integrity","restarts"\], and is \["integrity"\]/,
  },
  {
    name: "older-evidence",
    find:
      'maxAge: 14d,\n          sameMachine: true,\n          where: { command: ["null"], baselineKind: [merge-base] },',
    put:
      'maxAge: 60d,\n          sameMachine: true,\n          where: { command: ["null"], baselineKind: [merge-base] },',
    says: /; phase 2, no-regression: evidence\.maxAge was 14d, and is 60d/,
  },
  {
    name: "kinder-judge",
    find: "claims: [leak_heap, leak_external, leak_handles, leak_timers]\n        judge: verdict",
    put: "claims: [leak_heap, leak_external, leak_handles, leak_timers]\n        judge: taken",
    says: /; phase 1, no-leak: judge was verdict, and is taken/,
  },
  {
    name: "milder-toxics",
    find: "proofWhere: { settings.toxics: [mild], settings.engine: [all] },\n          maxAge: 14d,\n" +
      "          minDuration: 24h,",
    put: "proofWhere: { settings.toxics: [mild, none], settings.engine: [all] },\n          maxAge: 14d,\n" +
      "          minDuration: 24h,",
    says: /; phase 1, day-run: evidence\.proofWhere was /,
  },
  {
    name: "one-engine",
    find: "proofWhere: { settings.toxics: [mild], settings.engine: [all] },\n          maxAge: 14d,\n" +
      "          minDuration: 24h,",
    put: "proofWhere: { settings.toxics: [mild] },\n          maxAge: 14d,\n          minDuration: 24h,",
    says: /; phase 1, day-run: evidence\.proofWhere was .*, and is \{"settings\.toxics":\["mild"\]\}/,
  },
  {
    name: "harsh-runs-unseen",
    find: "proofWhere: { settings.toxics: [mild, harsh], settings.engine: [all] },\n          maxAge: 14d,\n" +
      "          minDuration: 2h,\n        }\n        claims: [integrity, restarts]",
    put:
      "where: { settings.toxics: [mild] },\n          proofWhere: { settings.engine: [all] },\n          maxAge: 14d,\n" +
      "          minDuration: 2h,\n        }\n        claims: [integrity, restarts]",
    says: /; phase 2, harmless-faults: evidence\.where was \{\}, and is \{"settings\.toxics":\["mild"\]\}/,
  },
  {
    name: "chosen-baseline",
    find: "where: { phase1: [tag] },\n          maxAge: 14d,\n          sameMachine: true,\n        }\n" +
      '        claims: ["speed_up:phase 4:mixed: time"]',
    put: "where: { phase1: [tag, commit] },\n          maxAge: 14d,\n          sameMachine: true,\n        }\n" +
      '        claims: ["speed_up:phase 4:mixed: time"]',
    says: /; phase 4, speed-up-final: evidence\.where was /,
  },
  {
    name: "fewer-trials",
    find: "minCount: 22000",
    put: "minCount: 29",
    says: /; phase 3, concurrency-error-rate: minCount was 22000, and is 29/,
  },
  {
    name: "forgotten-source",
    find: "sources: [lib, scripts, checks, std,",
    put: "sources: [lib, scripts, std,",
    says: /; sources was [^;]*"checks"/,
  },
  {
    name: "forgotten-root",
    find: "roots: [lib, scripts, std]",
    put: "roots: [lib, scripts]",
    says: /; phase 1, coverage: with\.roots was /,
  },
  {
    name: "shorter-run",
    find: "          minDuration: 24h,",
    put: "          minDuration: 4h,",
    says: /; phase 1, day-run: evidence\.minDuration was 1d, and is 4h/,
  },
  {
    name: "any-machine",
    find: "title: The engine was measured\n        evidence: { schema: civitai-dl/benchmark-phase, maxAge: 14d, " +
      "sameMachine: true }",
    put: "title: The engine was measured\n        evidence: { schema: civitai-dl/benchmark-phase, maxAge: 14d }",
    says: /; phase 1, benchmark: evidence\.sameMachine was true, and is false/,
  },
];

/** Conditions that demand less; `tests/gate/config/find_weakenings_test.ts` loosens every other leaf of the file, too. */
export const SABOTAGES_OF_CONDITIONS: readonly Sabotage[] = WEAKENINGS.map(({ name, find, put, says }) => ({
  name,
  edits: [replace("config/phases.yml", find, put)],
  judge: (copy) => judgeByGate(copy, ["--phase", "4", "--only", "workflows"]),
  meant: "weakened",
  says,
}));
