import { assertEquals, assertStringIncludes } from "@std/assert";
import { failureHints, type RunSummary } from "../../../lib/downloader/mod.ts";
import type { FailureClass } from "../../../lib/failsafe/mod.ts";

function failed(...classes: readonly FailureClass[]): RunSummary["failed"] {
  return classes.map((failure, id) => ({ key: `file:${id}:1`, target: "", path: `${id}`, failure, message: "" }));
}

Deno.test("failureHints() returns each kind once, in order of appearance", () => {
  const hints = failureHints({ failed: failed("login", "dns", "login"), outcomes: { failed: 3 } });
  assertEquals(hints.map(({ failure }) => failure), ["login", "dns"]);
  assertStringIncludes(hints[0]!.text, "CIVITAI_API_KEY");
});

Deno.test("failureHints() covers refusals that are not failures", () => {
  const hints = failureHints({ failed: [], outcomes: { done: 3, region: 1, archived: 2 } });
  assertEquals(hints.map(({ text }) => text), ["region: Nothing from here: Civitai does not serve this country"]);
});

Deno.test("failureHints() is empty if there is no remedy", () =>
  assertEquals(failureHints({ failed: failed("unknown"), outcomes: { failed: 1 } }), []));
