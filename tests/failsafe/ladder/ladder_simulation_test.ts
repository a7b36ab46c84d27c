import { assertEquals, assertLessOrEqual } from "@std/assert";
import { LIBRARIES, simulateTrouble, TROUBLES } from "../../helpers/simulation/simulated_libraries.ts";

const MINUTE = 60_000;

for (const library of Object.keys(LIBRARIES)) {
  for (const trouble of Object.keys(TROUBLES)) {
    Deno.test(`the ladder survives ${trouble} with ${library}`, async () => {
      const result = await simulateTrouble(library, trouble);
      const { healthy, faulty, isComplete, unfoundedSteps, backMs, troubleMs } = result;
      const { switches, requests, pausedBesideTraffic } = faulty;
      const story = JSON.stringify(switches);
      assertEquals([healthy.switches, isComplete, unfoundedSteps, pausedBesideTraffic], [[], true, 0, 0], story);
      assertLessOrEqual(switches.length, 8, story);
      assertLessOrEqual(backMs ?? 0, 5 * MINUTE, story);
      // If a library makes a call every other minute, its failed calls are many times as many.
      const most = Math.max(1.3 * healthy.requests, healthy.requests + 8 * troubleMs / MINUTE);
      assertLessOrEqual(requests, most, `${requests} of ${healthy.requests}: ${story}`);
    });
  }
}
