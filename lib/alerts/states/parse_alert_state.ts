import * as z from "zod";
import { formatState, parseState, StateFile, type StateFormat } from "../../base/mod.ts";
import { mapTimes } from "./map_times.ts";
import type { AlertState } from "./alert_state.ts";
import { SEVERITIES } from "../severity.ts";

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
  evaluatedAt: at,
  alerts: z.record(z.string(), alert),
  groups: z.record(
    z.string(),
    z.object({ nextAt: at.nullable(), deliveries: z.record(z.string(), delivery) }),
  ),
  silences: z.record(z.string(), silence),
});

const FORMAT: StateFormat<AlertState> = {
  schema: "civitai-dl/alerts-state",
  version: 1,
  parse(fields) {
    const { success, data, error } = document.safeParse(fields);
    if (success) return data;
    throw new SyntaxError(`"${error.issues[0]?.path.join(".")}" is invalid`);
  },
  format: (state) => mapTimes<unknown>(state, (ms) => new Date(ms).toISOString() as unknown as number) as object,
  loss: "the alerts start with an empty state",
};

/** Return the file in which the alerts of several processes are kept. */
export function alertsFile(path: string): StateFile<AlertState> {
  return new StateFile(path, FORMAT);
}

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
  return parseState(text, FORMAT, path);
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
 * assertStringIncludes(text, '"evaluatedAt":"2026-01-01T00:00:00.000Z"');
 * ```
 */
export function formatAlertState(state: AlertState): string {
  return formatState(state, FORMAT);
}
