/**
 * Quality gates: conditions from YAML, each judged by a function of the caller or by a report. All conditions
 * are judged, even after a failure, and missing evidence is never a pass.
 *
 * Runs in Deno, in Node 22 and later, and in Bun.
 *
 * @module
 */
export type { ClaimKind, GrowthSeries, Limit, Measured, RatioSamples, Verdict, WholeVerdict } from "../judge/mod.ts";
export { readClaims } from "./evidence/read_claims.ts";
export type { EvidenceReaders } from "./conditions/evidence_readers.ts";
export type { EvidenceFile } from "./evidence/find_evidence.ts";
export type { CheckResult, GateCheck, GateCheckOptions } from "./conditions/gate_check.ts";
export type { ConditionSource, EvidenceDemand, GateCondition, GateConfig, GatePhase } from "./config/gate_config.ts";
export { ConfigError, type ConfigMistake } from "../config/mod.ts";
export { gateJsonSchema, type GateJsonSchemaOptions } from "./config/gate_json_schema.ts";
export type { GateProblem, GateReport, GateRow } from "./conditions/gate_report.ts";
export type { GateRepository } from "./evidence/gate_repository.ts";
export { parseGateConfig, type ParseGateConfigOptions } from "./config/parse_gate_config.ts";
export { parseRequirement, type Requirement } from "../judge/mod.ts";
export { type ConditionPlace, runGate, type RunGateOptions } from "./conditions/run_gate.ts";
