import { assert, assertEquals } from "@std/assert";
import { clopperPearson, timesToDecide } from "../../../lib/stats/mod.ts";

const LIMIT = 0.01;
const decides = ({ low, high }: { readonly low: number; readonly high: number }) => high < LIMIT || low > LIMIT;

Deno.test("timesToDecide() finds the number of trials at which the bounds leave the limit", () => {
  // The rule of three: 299 trials without an event prove less than 1 % at 95 %.
  const found = timesToDecide({ events: 0, trials: 200, confidence: 0.95 }, decides)!;
  assert(found.trials >= 299 && found.trials < 299 * 1.1, `${found.trials}`);
  assertEquals(found.trials, Math.ceil(200 * found.times));
  assert(clopperPearson({ events: 0, trials: found.trials, confidence: 0.95, side: "upper" }).high < LIMIT);
});

Deno.test("timesToDecide() gives no number for a rate at the limit", () => {
  assertEquals(timesToDecide({ events: 2, trials: 200, confidence: 0.95 }, decides), null);
});
