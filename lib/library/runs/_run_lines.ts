import { cleanText, isRecord } from "../../base/mod.ts";
import type { KeyState, RunEnd, RunPause, RunStart } from "./run_record.ts";

/** Name of the journal in the folder of a library's state. */
export const RUNS_NAME = "runs.jsonl";

const VERSION = 1;

/** The first line of a run. */
export interface StartLine extends RunStart {
  readonly event: "start";
  readonly id: string;
  /** ISO 8601 UTC. */
  readonly time: string;
  readonly pid: number;
}

/** The last line of a run. */
export interface EndLine extends RunEnd {
  readonly event: "end";
  readonly id: string;
  /** ISO 8601 UTC. */
  readonly time: string;
}

/** Render a line of the journal, without its line break. */
export function renderRunLine({ event, id, time, ...rest }: StartLine | EndLine): string {
  return JSON.stringify({ version: VERSION, event, id, time, ...rest });
}

/** Parse a line; `null` if a crash cut it short, or a newer program wrote it. */
export function parseRunLine(text: string): StartLine | EndLine | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (!isRecord(value)) return null;
  const { version, event, id, time } = value;
  if (version !== VERSION || typeof id !== "string" || typeof time !== "string" || Number.isNaN(Date.parse(time))) {
    return null;
  }
  if (event === "start") return { event, id, time, pid: numberOr(value.pid, 0), ...parseStart(value) };
  return event === "end" ? { event, id, time, ...parseEnd(value) } : null;
}

function parseStart(fields: Readonly<Record<string, unknown>>): RunStart {
  return {
    command: textOrNull(fields.command) ?? "",
    isAttended: fields.isAttended === true,
    reserveBytes: numberOr(fields.reserveBytes, null),
    again: textOrNull(fields.again),
  };
}

function parseEnd(fields: Readonly<Record<string, unknown>>): RunEnd {
  return {
    exitCode: numberOr(fields.exitCode, 1),
    done: numberOr(fields.done, 0),
    failed: numberOr(fields.failed, 0),
    left: numberOr(fields.left, 0),
    leftBytes: numberOr(fields.leftBytes, 0),
    fetchedBytes: numberOr(fields.fetchedBytes, 0),
    neededBytes: numberOr(fields.neededBytes, null),
    silentMs: numberOr(fields.silentMs, 0),
    cause: textOrNull(fields.cause),
    message: textOrNull(fields.message),
    hint: textOrNull(fields.hint),
    again: textOrNull(fields.again),
    pause: parsePause(fields.pause),
    failure: textOrNull(fields.failure),
    target: textOrNull(fields.target),
    key: KEY_STATES.find((state) => state === fields.key) ?? null,
    keyOrigin: textOrNull(fields.keyOrigin),
  };
}

function parsePause(value: unknown): RunPause | null {
  if (!isRecord(value)) return null;
  const { reason, ja, until } = value;
  const time = textOrNull(until);
  const isTime = time !== null && !Number.isNaN(Date.parse(time));
  const japanese = isRecord(ja) ? ja : {};
  return {
    reason: textOrNull(reason) ?? "",
    ja: { reason: textOrNull(japanese.reason) ?? "" },
    until: isTime ? time : null,
  };
}

const KEY_STATES: readonly KeyState[] = ["accepted", "rejected"];

function numberOr<Other>(value: unknown, other: Other): number | Other {
  return typeof value === "number" && Number.isFinite(value) ? value : other;
}

/** Anyone who can write to the folder may have written the line, and the text is shown on terminals and pages. */
function textOrNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? cleanText(value) : null;
}
