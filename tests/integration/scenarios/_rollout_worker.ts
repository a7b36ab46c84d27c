import { type RolloutRecord, RolloutStore } from "../../../lib/rollout/mod.ts";
import { planOf, record } from "../../rollout/_plans.ts";

/** Raises the share, aborts, retries and counts downloads until it is killed, and prints a line after each change. */
if (import.meta.main) {
  const store = new RolloutStore(Deno.args[0]!, { command: "worker" });
  const plan = planOf(
    "{ setWeight: 10 }, { pause: 1h }, { pause: 1h }, { setWeight: 50 }, { pause: 1h }, { setWeight: 100 }",
  );
  const encoder = new TextEncoder();
  const confirm = (id: number, { revision, arms }: RolloutRecord): void => {
    Deno.stdout.writeSync(encoder.encode(`${id} ${revision} ${arms.canary.ok + arms.baseline.ok}\n`));
  };
  confirm(0, await store.read());
  for (let id = 1;; id++) {
    const { weight, state } = await store.read();
    let rollout: RolloutRecord;
    if (id % 5 !== 0) {
      const arm = id % 2 === 0 ? "canary" : "baseline";
      rollout = await store.change((old, now) => record(old, arm, { type: "ok" }, { now }));
    } else if (state === "idle") rollout = (await store.request({ type: "start", plan })).rollout;
    else if (state === "degraded") rollout = (await store.request({ type: "retry" })).rollout;
    else if (state === "completed" || id % 25 === 0) rollout = (await store.request({ type: "abort" })).rollout;
    else rollout = (await store.request({ type: "set-weight", percentage: weight < 50 ? weight + 20 : 100 })).rollout;
    confirm(id, rollout);
  }
}
