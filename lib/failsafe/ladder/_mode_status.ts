import { formatDuration, formatShare } from "../../base/mod.ts";
import { toTime, toTimeOrNull } from "../shared/fields.ts";
import { type ModeContext, type ModeSignals, pauseOf } from "./decide_mode.ts";
import type { FailsafeOptions } from "../failsafe_options.ts";
import type { ModeStatus } from "../failsafe_status.ts";
import type { ModeState } from "./mode_state.ts";

/** Facts from which the status of the mode is derived. */
export interface ModeFacts {
  readonly state: ModeState;
  readonly signals: ModeSignals;
  readonly context: ModeContext;
  readonly force: FailsafeOptions["force"];
}

/**
 * Determine the mode to use: the forced one, or else the held one, or else that of the ladder. A held mode and that of
 * the ladder are limited by the ceiling.
 */
export function effectiveMode({ state, context, force }: Omit<ModeFacts, "signals">): string {
  if (force !== undefined) return force.mode;
  const { rungs } = context.rules;
  const wanted = state.hold?.mode ?? state.mode;
  const ceiling = context.ceiling ?? rungs[0]!;
  return rungs.indexOf(wanted) < rungs.indexOf(ceiling) ? ceiling : wanted;
}

/** Describe the mode, the reason for it, and what would change it. */
export function modeStatus(facts: ModeFacts): ModeStatus {
  const { state, signals, context, force } = facts;
  const { rules, ceiling = rules.rungs[0]! } = context;
  const { hold } = state;
  const { calls, failures } = signals;
  const up = hold === null && force === undefined ? nextUp(facts) : null;
  return {
    name: effectiveMode(facts),
    since: toTime(hold?.since ?? state.since),
    reason: force?.reason ?? reasonOf(facts, ceiling),
    isRising: state.raisedAt !== null,
    ladder: state.mode,
    ceiling,
    hold: hold === null ? null : { mode: hold.mode, until: toTimeOrNull(hold.until) },
    forced: force?.reason ?? null,
    wouldChange: wouldChange(facts, up),
    nextCheck: up === null ? null : toTime(up.at),
    calls,
    failures,
  };
}

function reasonOf(facts: ModeFacts, ceiling: string): string {
  const { state } = facts;
  if (state.hold !== null) return "held manually";
  if (effectiveMode(facts) !== state.mode) return `${ceiling} is the fastest mode allowed here`;
  return state.reason ?? "no reason to change it";
}

interface NextUp {
  readonly to: string;
  readonly at: number;
  readonly needs: string;
}

function nextUp({ state, context }: ModeFacts): NextUp | null {
  const { rules, now, ceiling } = context;
  const index = rules.rungs.indexOf(state.mode);
  const top = ceiling === undefined ? 0 : rules.rungs.indexOf(ceiling);
  if (index <= Math.max(0, top)) return null;
  const to = rules.rungs[index - 1]!;
  if (index === rules.rungs.length - 1) {
    return { to, at: Math.max(now, state.since + pauseOf(state, rules)), needs: "in any case" };
  }
  const needs =
    `if calls go well (none fails, or less than ${formatShare(rules.upShare)} of ${rules.upCalls} and more a ` +
    "minute) and no breaker refuses any";
  return { to, at: Math.max(now, Math.max(state.since, state.troubleAt ?? -Infinity) + state.upDwellMs), needs };
}

function wouldChange(facts: ModeFacts, up: NextUp | null): readonly string[] {
  const { state, context, force } = facts;
  const { rules, now } = context;
  const { hold } = state;
  if (force !== undefined) return [`Only the end of the reason that forces it: ${force.reason}`];
  if (hold !== null) {
    const end = hold.until === null ? "it does not end by itself" : `it ends in ${formatWait(hold.until - now)}`;
    return [`Releasing it manually; ${end}`];
  }
  const lines = up === null ? [] : [`Up to ${up.to} in ${formatWait(up.at - now)}, ${up.needs}`];
  const from = state.silence?.from ?? null;
  if (from !== null) lines.push(`Back to ${from} when bytes arrive again for ${formatDuration(rules.resumeMs)}`);
  const index = rules.rungs.indexOf(effectiveMode(facts));
  const lower = rules.rungs[index + 1];
  if (lower === undefined) return lines;
  const waitMs = state.loweredAt === null && state.raisedAt === null ? 0 : state.since + rules.downDwellMs - now;
  const when = waitMs > 0 ? ` (in ${formatWait(waitMs)} at the earliest)` : "";
  const gone = `all hosts of a group, or nearly all calls, have failed for ${formatDuration(rules.goneMs)}`;
  const failing = `a breaker opens, or ${
    formatShare(rules.downShare)
  } of at least ${rules.downCalls} calls a minute fail`;
  const silent = index === rules.rungs.length - 2 ? "" : `, or no byte arrives for ${formatDuration(rules.silentMs)}`;
  return [...lines, `Down to ${lower} if ${index === rules.rungs.length - 2 ? gone : failing}${silent}${when}`];
}

function formatWait(ms: number): string {
  return ms < 1000 ? "a moment" : formatDuration(ms);
}
