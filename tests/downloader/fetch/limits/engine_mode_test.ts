import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { EngineMode, PausedError } from "../../../../lib/downloader/mod.ts";
import type { HostWait } from "../../../../lib/downloader/fetch/limits/engine_mode.ts";
import { Failsafe, type FailsafeOptions, FailureError } from "../../../../lib/failsafe/mod.ts";
import { PROFILES } from "../../../../lib/transfer/mod.ts";
import { FakeClock } from "../../../helpers/fake_clock.ts";

function setUp(options: FailsafeOptions & { readonly patienceMs?: number } = {}) {
  const clock = new FakeClock();
  const failsafe = Failsafe.inMemory({ clock, random: () => 0, ...options });
  const top = { ...PROFILES.turbo, connections: 3, segments: 2 };
  return { clock, failsafe, top, mode: new EngineMode({ top, failsafe, clock, patienceMs: options.patienceMs }) };
}

Deno.test("EngineMode uses the user's profile until the failsafe steps down, within its limits", () => {
  const { failsafe, top, mode } = setUp();
  assertEquals(mode.profile, top);
  failsafe.hold("parallel");
  assertEquals(mode.profile, { ...PROFILES.parallel, connections: 3, segments: 1 });
  failsafe.hold("stable");
  assertEquals(mode.profile, PROFILES.stable);
  failsafe.release();
  assertEquals(mode.profile, top);
});

Deno.test("EngineMode without a failsafe always uses the user's profile", async () => {
  const mode = new EngineMode({ top: PROFILES.parallel });
  mode.assertRunning();
  assertEquals([mode.profile, mode.tryAdmit("a"), await mode.admit("a")], [PROFILES.parallel, null, null]);
});

Deno.test("EngineMode.assertRunning() throws why the failsafe paused, until when and what ends it", () => {
  const { failsafe, mode } = setUp();
  mode.assertRunning();
  failsafe.hold("paused");
  const error = assertThrows(() => mode.assertRunning(), PausedError, "Paused by the failsafe");
  assertEquals(error.exitCode, 6);
  assert(error.hint?.includes("failsafe reset"), error.hint);
});

Deno.test("EngineMode.admit() waits until the breaker admits a request", async () => {
  const { clock, failsafe, mode } = setUp();
  failsafe.trip("host", { forMs: 20_000 });
  const before = clock.now();
  using admission = await mode.admit("host");
  assertEquals(admission?.type, "probe");
  assert(clock.now() - before >= 20_000, `${clock.now() - before} ms`);
});

Deno.test("EngineMode reports once how long it waits for a host, and why", async () => {
  const clock = new FakeClock();
  const failsafe = Failsafe.inMemory({ clock, random: () => 0 });
  const waits: HostWait[] = [];
  const mode = new EngineMode({ top: PROFILES.turbo, failsafe, clock, onWait: (wait) => waits.push(wait) });
  failsafe.trip("host", { forMs: 20_000 });
  using _first = await mode.admit("host");
  assertEquals(waits, [{ host: "host", waitMs: 20_000, reason: "was opened manually", failure: "tripped" }]);
  failsafe.trip("host", { forMs: 60_000 });
  using _second = await mode.admit("host");
  assertEquals(waits.map(({ waitMs }) => waitMs), [20_000, 60_000]);
});

Deno.test("EngineMode.admit() gives up on a host after its patience and admits others", async () => {
  const { failsafe, mode } = setUp({ patienceMs: 30_000 });
  failsafe.trip("host", { forMs: 3_600_000 });
  const error = await assertRejects(() => mode.admit("host"), FailureError, 'Cannot fetch: the breaker of "host"');
  assertEquals([error.failure, error.retryable, error.exitCode], ["tripped", false, 6]);
  using admission = await mode.admit("other");
  assertEquals(admission?.type, "allowed");
  failsafe.reset("host");
  using again = await mode.admit("host");
  assertEquals(again?.type, "allowed");
});

Deno.test("EngineMode.admit() stops waiting when the failsafe pauses or its signal aborts", async () => {
  const { failsafe, mode } = setUp();
  failsafe.trip("host");
  await assertRejects(() => mode.admit("host", { signal: AbortSignal.abort(new Error("stop")) }), Error, "stop");
  failsafe.hold("paused");
  await assertRejects(() => mode.admit("host"), PausedError);
});

Deno.test("EngineMode.admit() restarts its patience for an outage long after another", async () => {
  const { clock, failsafe, mode } = setUp({ patienceMs: 300_000 });
  failsafe.trip("host", { forMs: 10_000 });
  const first = await mode.admit("host");
  assertEquals(first?.type, "probe");
  first?.finish({ type: "ignored" });
  clock.advance(3_600_000);
  failsafe.trip("host", { forMs: 10_000 });
  using second = await mode.admit("host");
  assertEquals(second?.type, "probe");
});
