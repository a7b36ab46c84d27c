import { assert, assertEquals, assertRejects } from "@std/assert";
import { HostAdmission, PausedError } from "../../../../lib/downloader/mod.ts";
import type { HostWait } from "../../../../lib/downloader/fetch/limits/host_admission.ts";
import { Failsafe, FailureError } from "../../../../lib/failsafe/mod.ts";
import { FakeClock } from "../../../helpers/fake_clock.ts";

function setUp(options: { readonly patienceMs?: number } = {}) {
  const clock = new FakeClock();
  const failsafe = Failsafe.inMemory({ clock, random: () => 0 });
  return { clock, failsafe, hosts: new HostAdmission({ failsafe, clock, ...options }) };
}

Deno.test("HostAdmission without a failsafe asks nobody", async () => {
  const hosts = new HostAdmission();
  assertEquals([hosts.tryAdmit("a"), await hosts.admit("a")], [null, null]);
});

Deno.test("HostAdmission.admit() waits until the breaker admits a request", async () => {
  const { clock, failsafe, hosts } = setUp();
  failsafe.trip("host", { forMs: 20_000 });
  const before = clock.now();
  using admission = await hosts.admit("host");
  assertEquals(admission?.type, "probe");
  assert(clock.now() - before >= 20_000, `${clock.now() - before} ms`);
});

Deno.test("HostAdmission reports once how long it waits for a host, and why", async () => {
  const clock = new FakeClock();
  const failsafe = Failsafe.inMemory({ clock, random: () => 0 });
  const waits: HostWait[] = [];
  const hosts = new HostAdmission({ failsafe, clock, onWait: (wait) => waits.push(wait) });
  failsafe.trip("host", { forMs: 20_000 });
  using _first = await hosts.admit("host");
  assertEquals(waits, [{ host: "host", waitMs: 20_000, reason: "was opened manually", failure: "tripped" }]);
  failsafe.trip("host", { forMs: 60_000 });
  using _second = await hosts.admit("host");
  assertEquals(waits.map(({ waitMs }) => waitMs), [20_000, 60_000]);
});

Deno.test("HostAdmission.admit() gives up on a host after its patience and admits others", async () => {
  const { failsafe, hosts } = setUp({ patienceMs: 30_000 });
  failsafe.trip("host", { forMs: 3_600_000 });
  const error = await assertRejects(() => hosts.admit("host"), FailureError, 'Cannot fetch: the breaker of "host"');
  assertEquals([error.failure, error.retryable, error.exitCode], ["tripped", false, 6]);
  using admission = await hosts.admit("other");
  assertEquals(admission?.type, "allowed");
  failsafe.reset("host");
  using again = await hosts.admit("host");
  assertEquals(again?.type, "allowed");
});

Deno.test("HostAdmission.admit() stops waiting when the failsafe pauses or its signal aborts", async () => {
  const { failsafe, hosts } = setUp();
  failsafe.trip("host");
  await assertRejects(() => hosts.admit("host", { signal: AbortSignal.abort(new Error("stop")) }), Error, "stop");
  failsafe.hold("paused");
  await assertRejects(() => hosts.admit("host"), PausedError);
});

Deno.test("HostAdmission.admit() restarts its patience for an outage long after another", async () => {
  const { clock, failsafe, hosts } = setUp({ patienceMs: 300_000 });
  failsafe.trip("host", { forMs: 10_000 });
  const first = await hosts.admit("host");
  assertEquals(first?.type, "probe");
  first?.finish({ type: "ignored" });
  clock.advance(3_600_000);
  failsafe.trip("host", { forMs: 10_000 });
  using second = await hosts.admit("host");
  assertEquals(second?.type, "probe");
});
