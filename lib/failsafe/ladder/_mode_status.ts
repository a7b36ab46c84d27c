import { type Bilingual, formatShare, sayDuration } from "../../base/mod.ts";
import { toTime, toTimeOrNull } from "../state/to_time.ts";
import { type DecideModeOptions, type ModeSignals, pauseOf, pausingSilenceOf } from "./decide_mode.ts";
import type { FailsafeOptions } from "../failsafe_options.ts";
import type { ModeStatus } from "../failsafe_status.ts";
import type { ModeRules } from "./mode_rules.ts";
import type { ModeState } from "../state/mode_state.ts";
import { MODE_REASONS } from "../reason.ts";

/** Options of {@linkcode modeStatus}. */
export interface ModeStatusOptions extends DecideModeOptions {
  readonly state: ModeState;
  readonly signals: ModeSignals;
  readonly force: FailsafeOptions["force"];
}

/**
 * Determine the mode to use: the forced one, or else the held one, or else that of the ladder. A held mode and that of
 * the ladder are limited by the ceiling.
 */
export function effectiveMode({ state, rules, ceiling, force }: Omit<ModeStatusOptions, "signals">): string {
  if (force !== undefined) return force.mode;
  const { rungs } = rules;
  const wanted = state.hold?.mode ?? state.mode;
  const top = ceiling ?? rungs[0]!;
  return rungs.indexOf(wanted) < rungs.indexOf(top) ? top : wanted;
}

/** Describe the mode, the reason for it, and what would change it. */
export function modeStatus(options: ModeStatusOptions): ModeStatus {
  const { state, signals, force, rules, ceiling = rules.rungs[0]! } = options;
  const { hold } = state;
  const { calls, failures } = signals;
  const up = hold === null && force === undefined ? nextUp(options) : null;
  const changes = wouldChange(options, up);
  const reason = reasonOf(options, ceiling);
  return {
    name: effectiveMode(options),
    since: toTime(hold?.since ?? state.since),
    reason: reason.en,
    isRising: state.raisedAt !== null,
    ladder: state.mode,
    ceiling,
    hold: hold === null ? null : { mode: hold.mode, until: toTimeOrNull(hold.until) },
    forced: force?.reason ?? null,
    wouldChange: changes.map(({ en }) => en),
    ja: { reason: reason.ja, wouldChange: changes.map(({ ja }) => ja) },
    nextCheck: up === null ? null : toTime(up.at),
    calls,
    failures,
  };
}

function reasonOf(options: ModeStatusOptions, ceiling: string): Bilingual {
  const { state: { mode, hold, reason, ja }, force } = options;
  if (force !== undefined) return MODE_REASONS.forced(force.reason);
  if (hold !== null) return MODE_REASONS.held;
  if (effectiveMode(options) !== mode) return MODE_REASONS.fastest(ceiling);
  return reason === null || ja.reason === null ? MODE_REASONS.none : { en: reason, ja: ja.reason };
}

interface NextUp {
  readonly to: string;
  readonly at: number;
  readonly needs: Bilingual;
}

function nextUp({ state, rules, now, ceiling }: ModeStatusOptions): NextUp | null {
  const index = rules.rungs.indexOf(state.mode);
  const top = ceiling === undefined ? 0 : rules.rungs.indexOf(ceiling);
  if (index <= Math.max(0, top)) return null;
  const to = rules.rungs[index - 1]!;
  if (index === rules.rungs.length - 1) {
    return { to, at: Math.max(now, state.since + pauseOf(state, rules)), needs: { en: "in any case", ja: "" } };
  }
  const share = formatShare(rules.upShare);
  const needs = {
    en: `if calls go well (none fails, or less than ${share} of ${rules.upCalls} and more a minute) and no breaker ` +
      "refuses any",
    ja:
      `。リクエストが順調で（失敗なし、または 1 分間に ${rules.upCalls} 回以上で失敗が ${share} 未満）、遮断中のホストがない場合`,
  };
  return { to, at: Math.max(now, Math.max(state.since, state.troubleAt ?? -Infinity) + state.upDwellMs), needs };
}

function wouldChange(options: ModeStatusOptions, up: NextUp | null): readonly Bilingual[] {
  const { state, force, rules, now } = options;
  const { hold } = state;
  if (force !== undefined) {
    return [{
      en: `Only the end of the reason that forces it: ${force.reason}`,
      ja: `固定している理由（${force.reason}）がなくなった場合だけ`,
    }];
  }
  if (hold !== null) {
    const left = hold.until === null ? null : sayWait(hold.until - now);
    return [{
      en: `Releasing it manually; ${left === null ? "it does not end by itself" : `it ends in ${left.en}`}`,
      ja: `手動で固定を解除した場合。${left === null ? "自動では終わりません" : `固定はあと ${left.ja}で終わります`}`,
    }];
  }
  const upWait = up === null ? null : sayWait(up.at - now);
  const lines: Bilingual[] = up === null || upWait === null ? [] : [{
    en: `Up to ${up.to} in ${upWait.en}, ${up.needs.en}`,
    ja: `あと ${upWait.ja}で ${up.to} に上げる${up.needs.ja}`,
  }];
  const from = state.silence?.from ?? null;
  if (from !== null) {
    const span = sayDuration(rules.resumeMs);
    lines.push({
      en: `Back to ${from} when bytes arrive again for ${span.en}`,
      ja: `${span.ja}にわたってデータが届いたら ${from} に戻す`,
    });
  }
  const index = rules.rungs.indexOf(effectiveMode(options));
  const lower = rules.rungs[index + 1];
  if (lower === undefined) return lines;
  const waitMs = state.loweredAt === null && state.raisedAt === null ? 0 : state.since + rules.downDwellMs - now;
  const when = waitMs > 0 ? sayWait(waitMs) : null;
  const isLast = index === rules.rungs.length - 2;
  const cause = isLast ? sayGone(rules) : sayTrouble(rules);
  return [...lines, {
    en: `Down to ${lower} if ${cause.en}${when === null ? "" : ` (in ${when.en} at the earliest)`}`,
    ja: `${cause.ja}場合、${lower} に下がる${when === null ? "" : `（早くてもあと ${when.ja}）`}`,
  }];
}

function sayGone(rules: ModeRules): Bilingual {
  const span = sayDuration(rules.goneMs);
  const silence = sayDuration(pausingSilenceOf(rules));
  return {
    en: `all hosts of a group, or nearly all calls, have failed for ${span.en}, or no byte arrives for ${silence.en}`,
    ja:
      `同じ種類のすべてのホスト、またはほぼすべてのリクエストが ${span.ja}にわたって失敗した、または ${silence.ja}にわたってデータが届かない`,
  };
}

function sayTrouble({ downShare, downCalls, silentMs }: ModeRules): Bilingual {
  const share = formatShare(downShare);
  const span = sayDuration(silentMs);
  return {
    en: `a breaker opens, or ${share} of at least ${downCalls} calls a minute fail, or no byte arrives for ${span.en}`,
    ja:
      `ホストを遮断した、1 分間に ${downCalls} 回以上のリクエストの ${share} が失敗した、または ${span.ja}にわたってデータが届かない`,
  };
}

function sayWait(ms: number): Bilingual {
  return ms < 1000 ? { en: "a moment", ja: "わずか" } : sayDuration(ms);
}
