import { assertEquals, assertStringIncludes } from "@std/assert";
import { SilenceWatch } from "../../../lib/soak/mod.ts";

const never = () => new AbortController().signal;

Deno.test("SilenceWatch aborts when a process gives no sign of life, and says what it did last", async () => {
  using watch = new SilenceWatch({ name: "p0", signal: never(), silentMs: 5 });
  watch.beat("planning");
  watch.beat();
  await new Promise((resolve) => watch.signal.addEventListener("abort", resolve, { once: true }));
  assertStringIncludes(String(watch.signal.reason), 'process p0 stood still at "planning"');
});

Deno.test("SilenceWatch aborts with the reason of the other signal", () => {
  const stop = new AbortController();
  using watch = new SilenceWatch({ name: "p0", signal: stop.signal });
  assertEquals(watch.signal.aborted, false);
  stop.abort("enough");
  assertEquals(watch.signal.reason, "enough");
});
