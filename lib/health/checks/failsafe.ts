import { join } from "node:path";
import { stateFolder } from "../../library/mod.ts";
import { Failsafe, type FailsafeOptions, type FailsafeStatus } from "../../failsafe/mod.ts";
import { readActive } from "../../monitor/mod.ts";
import { defineCheck, finding, type HealthFinding, type HealthPlace, UNREADABLE_STATE } from "../health_check.ts";

/**
 * The failsafe's status; `null` before the first run, `"fresh"` while the first one has written no state yet,
 * `undefined` if its state cannot be read.
 */
type FailsafeFacts =
  | Pick<FailsafeStatus, "mode" | "breakers"> & { readonly isRunning: boolean }
  | "fresh"
  | null
  | undefined;

export const FAILSAFE_CHECK = defineCheck<FailsafeFacts>({
  name: "failsafe",
  ja: "フェイルセーフ",
  touches: "state",
  measure: measureFailsafe,
  judge: judgeFailsafe,
});

async function measureFailsafe({ library, clock, env }: HealthPlace): Promise<FailsafeFacts> {
  const force: FailsafeOptions["force"] = env("CIVITAI_DL_DISABLE_EXPERIMENTAL") === "1"
    ? { mode: "stable", reason: "CIVITAI_DL_DISABLE_EXPERIMENTAL is 1" }
    : undefined;
  try {
    const folder = stateFolder(library);
    const status = Failsafe.peek(folder, { clock, force });
    const isRunning = (await readActive(join(folder, "active"), { now: clock.now() })).length > 0;
    if (status === null) return isRunning ? "fresh" : null;
    return { ...status, isRunning };
  } catch {
    // The check "state" says why.
    return undefined;
  }
}

/** Judge the mode: a pause stops everything; a slower mode, a hold or an open breaker is worth a look. */
export function judgeFailsafe(facts: FailsafeFacts): HealthFinding {
  if (facts === undefined) return finding("skipped", UNREADABLE_STATE);
  if (facts === null) return finding("skipped", { en: "no run has used it yet", ja: "まだ使われていません" });
  if (facts === "fresh") {
    return finding("ok", {
      en: "the first run is under way; nothing has failed in it",
      ja: "最初の実行中です。失敗はまだありません",
    });
  }
  const { mode: { name, since, reason, ja, hold, ceiling, nextCheck }, breakers, isRunning } = facts;
  const open = breakers.filter(({ state }) => state === "open").map(({ key }) => key);
  const figures = { mode: name, since, isHeld: hold !== null, open };
  const why = { en: reason, ja: ja.reason };
  const state = { en: `${name} since ${since}`, ja: `${since} から ${name} モード` };
  if (name === "paused") {
    const until = hold?.until ?? nextCheck;
    const measured = {
      en: `${state.en}: ${why.en}${until === null ? "" : `; until ${until}`}`,
      ja: `${state.ja}: ${why.ja}${until === null ? "" : `。${until} まで`}`,
    };
    return finding(hold === null ? "paused" : "paused-by-hand", measured, { figures });
  }
  if (!isRunning && hold === null && open.length === 0 && name !== ceiling) {
    return finding("ok", {
      en: `${state.en}; the next run is faster again when its calls go well`,
      ja: `${state.ja}。次の実行で通信が正常なら、元の速度に戻ります`,
    }, { figures });
  }
  const trouble = [
    ...name === ceiling ? [] : [why],
    ...open.length === 0 ? [] : [{ en: `open breakers: ${open.join(", ")}`, ja: `遮断中のホスト: ${open.join("、")}` }],
  ];
  if (trouble.length === 0 && hold === null) return finding("ok", state, { figures });
  const until = hold?.until ?? null;
  const held = hold === null ? [] : [{
    en: until === null ? "until it is released" : `until ${until}`,
    ja: `手動で${until === null ? "" : ` ${until} まで`}固定`,
  }];
  const parts = [state, ...held, ...trouble];
  const measured = { en: parts.map(({ en }) => en).join("; "), ja: parts.map(({ ja }) => ja).join("。") };
  if (hold !== null) return finding("held-by-hand", measured, { figures });
  const breaker = isRunning ? "breaker" : "breaker-left";
  return finding(open.length === 0 ? "engine-mode" : breaker, measured, { figures });
}
