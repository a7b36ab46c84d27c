import { asCount, asFields, asText } from "./fields.ts";
import type { BreakerCause, FailureKind } from "../breaker/breaker_cause.ts";
import { isFailureClass } from "../failure/failure_weight.ts";

/** @throws {SyntaxError} That names what is wrong; a class of a newer program is `unknown` */
export function parseKind(value: unknown, name: string): FailureKind {
  const fields = asFields(value, name);
  const failure = asText(fields.failure, `${name}.failure`);
  const status = fields.status === null ? null : asCount(fields.status, `${name}.status`);
  return { failure: isFailureClass(failure) ? failure : "unknown", status };
}

/** @throws {SyntaxError} That names what is wrong; nothing, as in states of earlier versions, is `null` */
export function parseCause(value: unknown, name: string): BreakerCause | null {
  if (value === null || value === undefined) return null;
  return { ...parseKind(value, name), reason: asText(asFields(value, name).reason, `${name}.reason`) };
}
