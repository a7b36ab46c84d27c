import { asCount, asFields, asText, asTextOrNull, type Fields } from "./fields.ts";
import type { Reason } from "../reason.ts";
import type { BreakerCause } from "../breaker/breaker_cause.ts";
import type { FailureKind } from "../failure/failure_kind.ts";
import { isFailureClass } from "../failure/failure_weight.ts";

/**
 * Parse a failure kind. A class that only a newer version of the program knows becomes `unknown`.
 *
 * @throws {SyntaxError} If a field is invalid; the message names the field
 */
export function parseKind(value: unknown, name: string): FailureKind {
  const fields = asFields(value, name);
  const failure = asText(fields.failure, `${name}.failure`);
  const status = fields.status === null ? null : asCount(fields.status, `${name}.status`);
  return { failure: isFailureClass(failure) ? failure : "unknown", status };
}

/**
 * Parse the cause of a breaker, or `null`.
 *
 * @throws {SyntaxError} If a field is invalid; the message names the field
 */
export function parseCause(value: unknown, name: string): BreakerCause | null {
  if (value === null) return null;
  const fields = asFields(value, name);
  const { reason, ja } = parseReason(fields, name);
  return {
    ...parseKind(value, name),
    fault: asTextOrNull(fields.fault, `${name}.fault`),
    reason,
    ja: { ...ja, fault: asTextOrNull(asFields(fields.ja, `${name}.ja`).fault, `${name}.ja.fault`) },
  };
}

/**
 * Parse a reason in both languages.
 *
 * @throws {SyntaxError} If a field is invalid; the message names the field
 */
export function parseReason(fields: Fields, name: string): Reason {
  return {
    reason: asText(fields.reason, `${name}.reason`),
    ja: { reason: asText(asFields(fields.ja, `${name}.ja`).reason, `${name}.ja.reason`) },
  };
}
