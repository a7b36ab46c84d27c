import { type RolloutState, RolloutStore } from "../../../lib/rollout/mod.ts";
import { planOf, record } from "../../rollout/_plans.ts";

/** Raises the share, aborts, retries and counts downloads until it is killed, and prints a line after each change. */
if (import.meta.main) {
  const store = new RolloutStore(Deno.args[0]!, { command: "worker" });
  const plan = planOf(
    "{ setWeight: 10 }, { pause: 1h }, { pause: 1h }, { setWeight: 50 }, { pause: 1h }, { setWeight: 100 }",
  );
  const encoder = new TextEncoder();
  const confirm = (id: number, { revision, arms }: RolloutState): void => {
    Deno.stdout.writeSync(encoder.encode(`${id} ${revision} ${arms.canary.ok + arms.baseline.ok}\n`));
  };
  confirm(0, await store.read());
  for (let id = 1;; id++) {
    const { weight, phase } = await store.read();
    let state: RolloutState;
    if (id % 5 !== 0) {
      const arm = id % 2 === 0 ? "canary" : "baseline";
      state = await store.change((old, now) => record(old, arm, { type: "ok" }, { now }));
    } else if (phase === "idle") state = (await store.request({ type: "start", plan })).state;
    else if (phase === "degraded") state = (await store.request({ type: "retry" })).state;
    else if (phase === "completed" || id % 25 === 0) state = (await store.request({ type: "abort" })).state;
    else state = (await store.request({ type: "set-weight", percentage: weight < 50 ? weight + 20 : 100 })).state;
    confirm(id, state);
  }
}
