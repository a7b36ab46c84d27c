import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { LIBRARIES, renderRow, simulateTrouble, TROUBLES } from "../../helpers/simulation/simulated_libraries.ts";

const MINUTE = 60_000;
const PAGE = new URL("../../../docs/failsafe.md", import.meta.url);

/** Rows of the page's tables, without the padding of columns. */
async function rowsOfPage(): Promise<readonly string[]> {
  const lines = (await Deno.readTextFile(PAGE)).split("\n").filter((line) => line.startsWith("|"));
  return lines.map((line) => line.replace(/ +/g, " "));
}

for (const library of Object.keys(LIBRARIES)) {
  for (const trouble of Object.keys(TROUBLES)) {
    Deno.test(`the ladder survives ${trouble} with ${library}, as docs/failsafe.md states`, async () => {
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
      assert((await rowsOfPage()).includes(renderRow(result)), `Run deno task simulate: ${renderRow(result)}`);
    });
  }
}

Deno.test("docs/failsafe.md lists only simulated libraries and troubles", async () => {
  const shown = (await rowsOfPage()).filter((row) =>
    Object.keys(LIBRARIES).some((name) => row.startsWith(`| ${name} |`))
  );
  assertEquals(shown.length, Object.keys(LIBRARIES).length * Object.keys(TROUBLES).length);
});
