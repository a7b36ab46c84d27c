/**
 * Quality gates: conditions from YAML, each judged by a function of the caller or by a sealed report. All conditions
 * are judged, even after a failure, and missing evidence is never a pass.
 *
 * @module
 */
export * from "./claim.ts";
export * from "./find_evidence.ts";
export * from "./gate_check.ts";
export * from "./gate_config.ts";
export { ConfigError, type ConfigMistake } from "../config/mod.ts";
export * from "./gate_json_schema.ts";
export * from "./gate_report.ts";
export * from "./gate_repository.ts";
export * from "./parse_gate_config.ts";
export * from "./requirement.ts";
export * from "./run_gate.ts";
