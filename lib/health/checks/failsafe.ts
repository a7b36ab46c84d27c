import { join } from "node:path";
import type { Bilingual } from "../../base/mod.ts";
import { STATE_FOLDER } from "../../library/mod.ts";
import { Failsafe, type FailsafeOptions, type FailsafeStatus } from "../../failsafe/mod.ts";
import { readActive } from "../../monitor/mod.ts";
import { defineCheck, finding, type HealthFinding, type HealthPlace, UNREADABLE_STATE } from "../health_check.ts";
import { type CommandPlace, nextCommand } from "../next_command.ts";

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
  question: "Has the failsafe slowed or paused downloads?",
  touches: "state",
  measure: measureFailsafe,
  judge: judgeFailsafe,
});

async function measureFailsafe({ library, clock, env }: HealthPlace): Promise<FailsafeFacts> {
  const force: FailsafeOptions["force"] = env("CIVITAI_DL_DISABLE_EXPERIMENTAL") === "1"
    ? { mode: "stable", reason: "CIVITAI_DL_DISABLE_EXPERIMENTAL is 1" }
    : undefined;
  try {
    const folder = join(library, STATE_FOLDER, "state");
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
export function judgeFailsafe(
  facts: FailsafeFacts,
  place: CommandPlace,
): HealthFinding {
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
  const remedy = nextCommand(place, "failsafe");
  const why = { en: reason, ja: ja.reason };
  const state = { en: `${name} since ${since}`, ja: `${since} から ${name} モード` };
  if (name === "paused") {
    const problem = hold === null ? "paused" : "paused-by-hand";
    const mend = hold === null ? "failsafe reset" : "failsafe hold --release";
    return finding(problem, { en: `${state.en}: ${why.en}`, ja: `${state.ja}: ${why.ja}` }, {
      remedy: nextCommand(place, mend),
      advice: hold === null ? pauseAdvice({ until: nextCheck, isRunning }) : null,
      figures,
    });
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
  const isHeld = hold !== null;
  return finding(
    isHeld ? "held-by-hand" : open.length === 0 ? "engine-mode" : isRunning ? "breaker" : "breaker-left",
    measured,
    {
      remedy: isHeld ? nextCommand(place, "failsafe hold --release") : remedy,
      figures,
    },
  );
}

function pauseAdvice({ until, isRunning }: { readonly until: string | null; readonly isRunning: boolean }): Bilingual {
  if (isRunning) {
    return {
      en: "it ends the pause at once; without it, the run under way tries again by itself",
      ja: "一時停止をすぐに解除します。実行しなくても、実行中の処理は自動的に再試行します",
    };
  }
  const again = { en: "then run the same command again", ja: "その後、同じコマンドを実行してください" };
  if (until === null) return { en: `it ends the pause; ${again.en}`, ja: `一時停止を解除します。${again.ja}` };
  return {
    en: `it ends the pause at once: a run before ${until} ends at once with exit 6; ${again.en}`,
    ja: `一時停止をすぐに解除します。${until} より前に実行すると、すぐに終了コード 6 で終わります。${again.ja}`,
  };
}
