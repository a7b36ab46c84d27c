import { alertsFile, listUndelivered, type UndeliveredNotification } from "../../alerts/mod.ts";
import { formatCount } from "../../base/mod.ts";
import { alertsStatePath } from "../../library/mod.ts";
import { defineCheck, finding, type HealthFinding, type HealthPlace, UNREADABLE_STATE } from "../health_check.ts";

/** Notices that did not arrive; `null` before the first evaluation, `undefined` if the state cannot be read. */
type AlertFacts =
  | readonly Pick<UndeliveredNotification, "address" | "message" | "tries" | "since">[]
  | null
  | undefined;

export const ALERTS_CHECK = defineCheck<AlertFacts>({
  name: "alerts",
  ja: "通知",
  touches: "state",
  problem: "undelivered-alerts",
  measure: measureAlerts,
  judge: judgeAlerts,
});

async function measureAlerts({ library }: HealthPlace): Promise<AlertFacts> {
  try {
    const state = await alertsFile(alertsStatePath(library)).read();
    return state === null ? null : listUndelivered(state);
  } catch {
    // The check "state" says why it cannot be read.
    return undefined;
  }
}

/** Judge the delivery: whoever relies on alerts must learn that they do not arrive. */
export function judgeAlerts(facts: AlertFacts): HealthFinding {
  if (facts === undefined) return finding("skipped", UNREADABLE_STATE);
  if (facts === null) {
    return finding("skipped", {
      en: "no alert rules were evaluated yet",
      ja: "アラートのルールはまだ評価されていません",
    });
  }
  const figures = { undelivered: facts.length, receivers: [...new Set(facts.map(({ address }) => address))] };
  const [first] = facts;
  if (first === undefined) {
    return finding("ok", { en: "nothing waits to be delivered", ja: "未配信の通知はありません" }, { figures });
  }
  const { address, message, tries, since } = first;
  return finding(
    "undelivered-alerts",
    {
      en: `${formatCount(facts.length, "notice")}; to ${address} since ${since}, ${
        formatCount(tries, "attempt")
      }: ${message}`,
      ja: `${facts.length} 件の通知が未配信です。${address} には ${since} から ${tries} 回試行しました（${message}）`,
    },
    { figures },
  );
}
