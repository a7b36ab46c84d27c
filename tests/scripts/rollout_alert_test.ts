import { assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RolloutStore } from "../../lib/rollout/mod.ts";
import { call, type Called } from "../helpers/call.ts";
import { FakeClock } from "../helpers/fake_clock.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { USUAL } from "../rollout/_plans.ts";

const SHIPPED = fileURLToPath(new URL("../../config/alerts.yml", import.meta.url));
const HOUR = 3_600_000;

Deno.test("RolloutStopped fires while a rollout is aborted, however long ago, and is resolved when it begins again", () =>
  inTempDir(async (folder) => {
    const library = join(folder, "library");
    const state = join(library, ".civitai-dl", "state");
    await Deno.mkdir(state, { recursive: true });
    const config = join(folder, "alerts.yml");
    const shipped = await Deno.readTextFile(SHIPPED);
    await Deno.writeTextFile(
      config,
      shipped.replace("file:logs/alerts.jsonl", `file://${join(folder, "outbox.jsonl")}`),
    );
    const check = (): Promise<Called> =>
      call(["check-alerts", "--config", config, "--library", library, "--logs", join(folder, "logs")]);
    const clock = new FakeClock(Date.now() - 9 * HOUR);
    const store = new RolloutStore(state, { command: "test", clock });
    assertEquals((await check()).code, 0);
    await store.request({ type: "start", plan: USUAL });
    assertEquals((await check()).code, 0);
    await store.request({ type: "abort" });
    // No download runs, and none has since the abort nine hours ago.
    for (let look = 0; look < 2; look++) {
      const { code, out } = await check();
      assertEquals(code, 1, out);
      assertMatch(out, /RolloutStopped/);
    }
    await store.request({ type: "retry" });
    assertEquals((await check()).code, 0);
    await store.request({ type: "abort" });
    assertEquals((await check()).code, 1);
    await store.request({ type: "end" });
    assertEquals((await check()).code, 0);
  }));
