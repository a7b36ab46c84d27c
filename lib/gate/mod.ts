/**
 * Quality gates: conditions from YAML, each judged by a function of the caller or by a sealed report. All conditions
 * are judged, even after a failure, and missing evidence is never a pass.
 *
 * @module
 */
export { type Claim, readClaims } from "./claim.ts";
export type { EvidenceFile } from "./find_evidence.ts";
export type { CheckReading, GateCheck, GateCheckOptions } from "./gate_check.ts";
export type {
  ClaimJudge,
  ConditionSource,
  EvidenceDemand,
  GateCondition,
  GateConfig,
  GateLevel,
  GatePhase,
} from "./gate_config.ts";
export { ConfigError, type ConfigMistake } from "../config/mod.ts";
export { gateJsonSchema } from "./gate_json_schema.ts";
export type { GateProblem, GateReport, GateRow, GateVerdict } from "./gate_report.ts";
export type { GateRepository } from "./gate_repository.ts";
export { parseGateConfig, type ParseGateConfigOptions } from "./parse_gate_config.ts";
export { parseRequirement, type Requirement } from "./requirement.ts";
export { runGate, type RunGateOptions } from "./run_gate.ts";
