import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { RolloutStore } from "../../lib/rollout/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { startProgram } from "../helpers/start_program.ts";
import { planOf } from "../rollout/_plans.ts";
import { runRolloutKills } from "./scenarios/rollout_kills.ts";

Deno.test("twenty processes that promote at once advance one step, and the others exit with 4", () =>
  inTempDir(async (folder) => {
    const state = join(folder, "library", ".civitai-dl", "state");
    const plan = planOf("{ setWeight: 10 }, { pause: 1h }, { pause: 1h }, { pause: 1h }, { setWeight: 100 }");
    const store = new RolloutStore(state, { command: "test" });
    await store.request({ type: "start", plan });
    // The step began long ago: everybody may leave it.
    await store.change((one) => ({ ...one, stepEnteredAt: one.stepEnteredAt - 60_000 }));
    const words = ["rollout", "promote", "--library", "library"];
    const running = Array.from(
      { length: 20 },
      () => startProgram(words, { folder, origins: ["http://127.0.0.1:9"], env: {} }).ended,
    );
    const codes = (await Promise.all(running)).map(({ code }) => code).toSorted((a, b) => a - b);
    assertEquals(codes, [0, ...Array.from({ length: 19 }, () => 4)]);
    const { step, revision: number } = await store.read();
    assertEquals([step, number], [2, 2]);
  }));

Deno.test("a rollout survives twelve kills: the state is that before or after a change, and loses no counted download", () =>
  inTempDir(async (folder) => {
    const { kills, unreadable, torn, mostLost, transitions, lines, changes } = await runRolloutKills(folder, 12);
    assertEquals({ kills, unreadable, torn, mostLost }, { kills: 12, unreadable: 0, torn: 0, mostLost: 0 });
    assert(transitions > 5 && changes > 30, `${transitions} transitions, ${changes} changes`);
    assertEquals(lines, transitions);
  }));
