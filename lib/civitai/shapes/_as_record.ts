import { isRecord } from "../../base/mod.ts";

/** Return the value as an object with fields; `null` for anything else, arrays included. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> | null {
  return isRecord(value) ? value : null;
}
