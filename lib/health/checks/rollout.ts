import { stateFolder } from "../../library/mod.ts";
import { RolloutStore } from "../../rollout/mod.ts";
import { defineCheck, finding, type HealthFinding, type HealthPlace, UNREADABLE_STATE } from "../health_check.ts";

/** Where a rollout is; `null` if its state cannot be read. */
export interface RolloutFacts {
  readonly state: "idle" | "running" | "paused" | "degraded" | "completed";
  readonly name: string | null;
  readonly weight: number;
  readonly reason: string;
}

export const ROLLOUT_CHECK = defineCheck({
  name: "rollout",
  ja: "ロールアウト",
  touches: "state",
  problem: "rollout",
  measure: measureRollout,
  judge: judgeRolloutFacts,
});

async function measureRollout({ library }: HealthPlace): Promise<RolloutFacts | null> {
  const store = new RolloutStore(stateFolder(library), { command: "health-check" });
  try {
    const { state, plan, weight, reason } = await store.peek();
    return { state, name: plan?.name ?? null, weight, reason };
  } catch {
    // The check "state" says why.
    return null;
  }
}

/** Judge the rollout: one that was aborted or waits for a person is a warning. */
export function judgeRolloutFacts(facts: RolloutFacts | null): HealthFinding {
  if (facts === null) return finding("skipped", UNREADABLE_STATE);
  const { state, name, weight, reason } = facts;
  const figures = { state, name, weight };
  switch (state) {
    case "idle":
      return finding("ok", { en: "no rollout is under way", ja: "実施中のロールアウトはありません" }, { figures });
    case "running":
      return finding("ok", { en: `"${name}" is at ${weight} %`, ja: `"${name}" は ${weight} %` }, { figures });
    case "completed":
      return finding("ok", { en: `"${name}" is completed`, ja: `"${name}" は完了しました` }, { figures });
    case "paused":
      return finding("rollout", {
        en: `"${name}" is paused at ${weight} %: ${reason}`,
        ja: `"${name}" は ${weight} % で一時停止中です`,
      }, { figures });
    case "degraded":
      return finding("rollout", {
        en: `aborted, everything uses the stable engine: ${reason}`,
        ja: "中止されました。すべて stable エンジンで取得します",
      }, { figures });
  }
}
