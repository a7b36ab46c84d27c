import { StateFile } from "../../base/mod.ts";
import {
  asCount,
  asFields,
  asList,
  asText,
  asTextOrNull,
  asTime,
  asTimeOrNull,
  type Fields,
  toTime,
  toTimeOrNull,
} from "./fields.ts";
import { parseCause, parseReason } from "./_failure_kind.ts";
import type { BreakerEntry, Document } from "./failsafe_state.ts";
import { parseWindow } from "./_window_record.ts";
import type { BreakerPhase, BreakerState } from "../breaker/breaker_state.ts";
import type { FailsafeEvent } from "../failsafe_event.ts";
import type { ModeHold, ModeSilence, ModeState } from "../ladder/mode_state.ts";

const PHASES: readonly BreakerPhase[] = ["closed", "open", "half-open"];

/**
 * Return the state file of a failsafe.
 *
 * @param path The file
 */
export function failsafeFile(path: string): StateFile<Document> {
  return new StateFile<Document>(path, {
    schema: "civitai-dl/failsafe",
    version: 1,
    parse: parseDocument,
    format: renderDocument,
    loss: "all breakers start closed",
  });
}

function renderDocument({ mode, calls, events, breakers }: Document): object {
  return {
    events,
    mode: renderMode(mode),
    calls: calls.toJSON(),
    breakers: Object.fromEntries(Array.from(breakers, ([key, entry]) => [key, renderEntry(entry)])),
  };
}

function renderEntry({ state, usedAt, flowedAt, deniedAt, isByHand, window }: BreakerEntry): unknown {
  const { since, trippedAt, until, probes } = state;
  return {
    ...state,
    since: toTime(since),
    trippedAt: toTimeOrNull(trippedAt),
    until: toTimeOrNull(until),
    probes: probes.map(({ id, startedAt }) => ({ id, startedAt: toTime(startedAt) })),
    usedAt: toTime(usedAt),
    flowedAt: toTimeOrNull(flowedAt),
    deniedAt: toTimeOrNull(deniedAt),
    isByHand,
    window: window.toJSON(),
  };
}

function parseDocument(root: Fields): Document {
  const breakers = Object.entries(asFields(root.breakers, "breakers"));
  return {
    events: asList(root.events, "events").map((event, index) => parseEvent(event, `events.${index}`)),
    mode: parseMode(root.mode),
    calls: parseWindow(root.calls, "calls"),
    breakers: new Map(breakers.map(([key, value]) => [key, parseEntry(value, `breakers.${key}`)])),
  };
}

function renderMode(state: ModeState): unknown {
  const { since, raisedAt, loweredAt, easedAt, troubleAt, unavailableSince, silence, hold } = state;
  return {
    ...state,
    since: toTime(since),
    raisedAt: toTimeOrNull(raisedAt),
    loweredAt: toTimeOrNull(loweredAt),
    easedAt: toTimeOrNull(easedAt),
    troubleAt: toTimeOrNull(troubleAt),
    unavailableSince: toTimeOrNull(unavailableSince),
    silence: silence === null
      ? null
      : { ...silence, at: toTime(silence.at), resumedAt: toTimeOrNull(silence.resumedAt) },
    hold: hold === null ? null : { ...hold, since: toTime(hold.since), until: toTimeOrNull(hold.until) },
  };
}

function parseMode(value: unknown): ModeState {
  const fields = asFields(value, "mode");
  const time = (name: string): number | null => asTimeOrNull(fields[name], `mode.${name}`);
  return {
    mode: asText(fields.mode, "mode.mode"),
    since: asTime(fields.since, "mode.since"),
    reason: asTextOrNull(fields.reason, "mode.reason"),
    ja: { reason: asTextOrNull(asFields(fields.ja, "mode.ja").reason, "mode.ja.reason") },
    upDwellMs: asCount(fields.upDwellMs, "mode.upDwellMs", 1),
    raisedAt: time("raisedAt"),
    loweredAt: time("loweredAt"),
    easedAt: time("easedAt"),
    troubleAt: time("troubleAt"),
    unavailableSince: time("unavailableSince"),
    silence: fields.silence === null ? null : parseSilence(fields.silence),
    hold: fields.hold === null ? null : parseHold(fields.hold),
  };
}

function parseSilence(value: unknown): ModeSilence {
  const { from, at, resumedAt } = asFields(value, "mode.silence");
  return {
    from: asTextOrNull(from, "mode.silence.from"),
    at: asTime(at, "mode.silence.at"),
    resumedAt: asTimeOrNull(resumedAt, "mode.silence.resumedAt"),
  };
}

function parseHold(value: unknown): ModeHold {
  const { mode, since, until } = asFields(value, "mode.hold");
  return {
    mode: asText(mode, "mode.hold.mode"),
    since: asTime(since, "mode.hold.since"),
    until: asTimeOrNull(until, "mode.hold.until"),
  };
}

function parseEntry(value: unknown, name: string): BreakerEntry {
  const fields = asFields(value, name);
  if (typeof fields.isByHand !== "boolean") throw new SyntaxError(`"${name}.isByHand" is neither true nor false`);
  return {
    state: parseBreaker(fields, name),
    usedAt: asTime(fields.usedAt, `${name}.usedAt`),
    flowedAt: asTimeOrNull(fields.flowedAt, `${name}.flowedAt`),
    deniedAt: asTimeOrNull(fields.deniedAt, `${name}.deniedAt`),
    isByHand: fields.isByHand,
    window: parseWindow(fields.window, `${name}.window`),
  };
}

function parseBreaker(fields: Readonly<Record<string, unknown>>, name: string): BreakerState {
  const phase = PHASES.find((known) => known === fields.phase);
  if (phase === undefined) throw new SyntaxError(`"${name}.phase" is none of ${PHASES.join(", ")}`);
  const until = asTimeOrNull(fields.until, `${name}.until`);
  if ((until !== null) !== (phase === "open")) throw new SyntaxError(`"${name}.until" does not match ${phase}`);
  const cause = parseCause(fields.cause, `${name}.cause`);
  if ((cause === null) !== (phase === "closed")) throw new SyntaxError(`"${name}.cause" does not match ${phase}`);
  return {
    phase,
    until,
    cause,
    since: asTime(fields.since, `${name}.since`),
    trippedAt: asTimeOrNull(fields.trippedAt, `${name}.trippedAt`),
    waitMs: asCount(fields.waitMs, `${name}.waitMs`),
    reason: asTextOrNull(fields.reason, `${name}.reason`),
    ja: { reason: asTextOrNull(asFields(fields.ja, `${name}.ja`).reason, `${name}.ja.reason`) },
    round: asCount(fields.round, `${name}.round`),
    probes: asList(fields.probes, `${name}.probes`).map((value, index) => {
      const { id, startedAt } = asFields(value, `${name}.probes.${index}`);
      return {
        id: asText(id, `${name}.probes.${index}.id`),
        startedAt: asTime(startedAt, `${name}.probes.${index}.startedAt`),
      };
    }),
    succeeded: asCount(fields.succeeded, `${name}.succeeded`),
    failed: asCount(fields.failed, `${name}.failed`),
  };
}

function parseEvent(value: unknown, name: string): FailsafeEvent {
  const fields = asFields(value, name);
  const text = (field: string): string => asText(fields[field], `${name}.${field}`);
  const time = toTime(asTime(fields.time, `${name}.time`));
  if (fields.type === "mode") {
    return {
      time,
      type: "mode",
      from: text("from"),
      to: text("to"),
      isHeld: fields.isHeld === true,
      ...parseReason(fields, name),
    };
  }
  const [from, to] = [fields.from, fields.to].map((phase) => PHASES.find((known) => known === phase));
  if (fields.type !== "breaker" || from === undefined || to === undefined) {
    throw new SyntaxError(`"${name}" is not an event`);
  }
  const retryInMs = asCount(fields.retryInMs, `${name}.retryInMs`);
  const cause = parseCause(fields.cause, `${name}.cause`);
  return { time, type: "breaker", key: text("key"), from, to, ...parseReason(fields, name), cause, retryInMs };
}
