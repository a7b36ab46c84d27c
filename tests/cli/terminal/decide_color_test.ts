import { assertEquals } from "@std/assert";
import { decideColor } from "../../../lib/cli/mod.ts";

function decide(values: Record<string, string>, isTerminal = true, flag?: boolean): boolean {
  return decideColor({ flag, env: (name) => values[name], isTerminal });
}

Deno.test("decideColor() enables colors only on a terminal", () => {
  assertEquals([decide({}), decide({}, false), decide({ TERM: "dumb" })], [true, false, false]);
});

Deno.test("decideColor() prefers NO_COLOR to FORCE_COLOR", () => {
  assertEquals(decide({ NO_COLOR: "1", FORCE_COLOR: "1" }), false);
  assertEquals(decide({ FORCE_COLOR: "1" }, false), true);
  assertEquals(decide({ FORCE_COLOR: "0" }), false);
});

Deno.test("decideColor() prefers the flag", () => {
  assertEquals(decide({ NO_COLOR: "1" }, false, true), true);
  assertEquals(decide({ FORCE_COLOR: "1" }, true, false), false);
});
