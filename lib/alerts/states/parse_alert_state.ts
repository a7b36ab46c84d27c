import * as z from "zod";
import { refuseNewer } from "../../base/mod.ts";
import { mapTimes } from "./map_times.ts";
import type { AlertState } from "./alert_state.ts";
import { SEVERITIES } from "../severity.ts";

const SCHEMA = "civitai-dl/alerts-state";
const VERSION = 1;

const at = z.iso.datetime().transform((text) => Date.parse(text));
const texts = z.record(z.string(), z.string());
const alert = z.object({
  rule: z.string(),
  fingerprint: z.string(),
  severity: z.enum(SEVERITIES as readonly ["critical", "warning", "info"]),
  labels: texts,
  annotations: texts,
  state: z.enum(["pending", "firing", "resolved"]),
  activeAt: at,
  firedAt: at.nullable(),
  resolvedAt: at.nullable(),
  breachedAt: at,
  value: z.number().nullable(),
  end: z.object({ value: z.number().nullable(), annotations: texts }).nullable(),
});
const delivery = z.object({
  sentAt: at.nullable(),
  firing: z.array(z.string()),
  hidden: z.array(z.string()),
  missed: z.array(z.string()),
  isOwed: z.boolean(),
  leaseAt: at.nullable(),
  claimed: z.array(z.string()),
  trouble: z.object({
    sinceAt: at,
    tries: z.number(),
    retryAt: at.nullable(),
    message: z.string(),
    alerts: z.array(z.string()),
  }).nullable(),
});
const silence = z.object({ endsAt: at, comment: z.string() });
const document = z.object({
  schema: z.literal(SCHEMA),
  version: z.literal(VERSION),
  evaluatedAt: at,
  alerts: z.record(z.string(), alert),
  groups: z.record(
    z.string(),
    z.object({ nextAt: at.nullable(), deliveries: z.record(z.string(), delivery) }),
  ),
  silences: z.record(z.string(), silence),
});

/**
 * Parse a stored state.
 *
 * @param text JSON, as {@linkcode formatAlertState} writes it
 * @param path Its file, for the message about a later version
 * @returns The state
 * @throws {SyntaxError} If the text is not JSON or does not match the schema
 * @throws {KitError} `unsafe` if a later version of the program wrote it
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { EMPTY_ALERT_STATE, formatAlertState, parseAlertState } from "@civitai-dl/civitai-dl/alerts";
 *
 * const text = formatAlertState({ ...EMPTY_ALERT_STATE, evaluatedAt: Date.UTC(2026, 0, 1) });
 * assertEquals(parseAlertState(text).evaluatedAt, Date.UTC(2026, 0, 1));
 * ```
 */
export function parseAlertState(text: string, path = "alerts.json"): AlertState {
  const json: unknown = JSON.parse(text);
  refuseNewer(json, { path, version: VERSION });
  const result = document.safeParse(json);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new SyntaxError(`Cannot read the state of the alerts: "${issue?.path.join(".")}" is invalid`);
  }
  const { schema: _, version: __, ...state } = result.data;
  return state;
}

/**
 * Format a state for storage.
 *
 * @param state The state to store
 * @returns JSON with schema and version; times are ISO 8601 UTC
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { EMPTY_ALERT_STATE, formatAlertState } from "@civitai-dl/civitai-dl/alerts";
 *
 * const text = formatAlertState({ ...EMPTY_ALERT_STATE, evaluatedAt: Date.UTC(2026, 0, 1) });
 * assertStringIncludes(text, '"evaluatedAt": "2026-01-01T00:00:00.000Z"');
 * ```
 */
export function formatAlertState(state: AlertState): string {
  const readable: unknown = mapTimes<unknown>(state, (ms) => new Date(ms).toISOString() as unknown as number);
  return `${JSON.stringify({ schema: SCHEMA, version: VERSION, ...readable as object }, null, 1)}\n`;
}
