import { assert, assertEquals } from "@std/assert";
import { connectionPermits, createHostLimits, HostAdmission, RunMode } from "../../../../lib/downloader/mod.ts";
import { Failsafe, FailureError } from "../../../../lib/failsafe/mod.ts";
import { PROFILES } from "../../../../lib/transfer/mod.ts";
import { FakeClock } from "../../../helpers/fake_clock.ts";

function setUp() {
  const clock = new FakeClock();
  const failsafe = Failsafe.inMemory({ clock, random: () => 0 });
  const profile = PROFILES.turbo;
  const mode = new RunMode({ top: profile, failsafe });
  const limits = createHostLimits({ profile, mode, onEvent: () => {}, clock });
  const permits = connectionPermits(limits, new HostAdmission({ failsafe, clock }), { clock });
  const breaker = () => failsafe.status().breakers.find(({ key }) => key === "host");
  return { clock, failsafe, limits, permits, breaker };
}

const BROKEN = new FailureError("connection", "broken");

Deno.test("connectionPermits() reports the last outcome of a connection to the breaker", async () => {
  const { permits, breaker } = setUp();
  for (const tell of [[], ["answered"], ["answered", "failed"], ["refused"]] as const) {
    using permit = await permits.acquire("host", {});
    for (const word of tell) {
      if (word === "answered") permit.recordResponse(80);
      if (word === "failed") permit.recordFailure(BROKEN);
      if (word === "refused") permit.recordRefusal(undefined);
    }
  }
  assertEquals([breaker()?.calls, breaker()?.failures], [2, 1]);
});

Deno.test("connectionPermits() treats a host as up for ten seconds after it served something", async () => {
  const { clock, permits } = setUp();
  for (const word of ["failed", "answered"] as const) {
    using permit = await permits.acquire("host", {});
    if (word === "answered") permit.recordResponse(80);
    else permit.recordFailure(BROKEN);
    assertEquals(permits.isServing?.("host"), false);
  }
  assertEquals([permits.isServing?.("host"), permits.isServing?.("other")], [true, false]);
  clock.advance(10_000);
  assertEquals(permits.isServing?.("host"), false);
});

Deno.test("connectionPermits() counts neither a refusal of one file nor a user's stop against a host", async () => {
  const { permits, breaker } = setUp();
  for (const failure of ["gone", "cancelled", "disk"] as const) {
    using permit = await permits.acquire("host", {});
    permit.recordFailure(new FailureError(failure, "no"));
  }
  assertEquals(breaker()?.failures ?? 0, 0);
});

Deno.test("connectionPermits() waits for a host with an open breaker, and admits exactly three probes", async () => {
  const { clock, permits, breaker } = setUp();
  for (let count = 0; count < 10; count++) {
    clock.advance(1200);
    using permit = await permits.acquire("host", {});
    permit.recordFailure(BROKEN);
  }
  assertEquals(breaker()?.state, "open");
  const before = clock.now();
  using stack = new DisposableStack();
  const probes = [];
  for (let count = 0; count < 3; count++) probes.push(stack.use(await permits.acquire("host", {})));
  assert(clock.now() - before >= 8000, `${clock.now() - before} ms`);
  assertEquals([breaker()?.state, breaker()?.probes], ["half-open", 3]);
  assertEquals(permits.tryAcquire("host"), null);
  for (const probe of probes) probe.recordResponse(50);
});

Deno.test("connectionPermits() gives a helper no permit to probe a host that was down", () => {
  const { failsafe, permits, clock, breaker, limits } = setUp();
  failsafe.trip("host", { forMs: 1000 });
  assertEquals(permits.tryAcquire("host"), null);
  clock.advance(1500);
  assertEquals([permits.tryAcquire("host"), breaker()?.probes], [null, 0]);
  assertEquals(limits.of("host").snapshot().inFlight, 0);
});

Deno.test("connectionPermits() asks the breaker again if the host went down during the wait for a permit", async () => {
  const { failsafe, permits, breaker, limits } = setUp();
  const taken = [];
  for (let count = 0; count < 4; count++) taken.push(await permits.acquire("host", {}));
  const late = permits.acquire("host", {});
  while (limits.of("host").snapshot().waiting === 0) await Promise.resolve();
  failsafe.trip("host", { forMs: 5000 });
  for (const permit of taken) permit[Symbol.dispose]();
  using permit = await late;
  permit.recordResponse(50);
  assertEquals([breaker()?.state, breaker()?.probes], ["half-open", 1]);
});

Deno.test("connectionPermits() passes the probe of a host whose body flows, however long it takes", async () => {
  const { clock, failsafe, permits, breaker } = setUp();
  failsafe.trip("host", { forMs: 5000 });
  using stack = new DisposableStack();
  const probes = [];
  for (let count = 0; count < 2; count++) probes.push(stack.use(await permits.acquire("host", {})));
  for (let second = 0; second < 60; second++) {
    clock.advance(1000);
    for (const probe of probes) {
      if (second === 0) probe.recordResponse(50);
      else probe.recordFlow();
    }
    if (second < 5) assertEquals(breaker()?.state, "half-open");
  }
  assertEquals(breaker()?.state, "closed");
});

Deno.test("connectionPermits() takes no probe while it waits for a permit", async () => {
  const { clock, failsafe, permits, limits, breaker } = setUp();
  const taken = [];
  for (let count = 0; count < 4; count++) taken.push(await permits.acquire("host", {}));
  failsafe.trip("host", { forMs: 5000 });
  clock.advance(6000);
  const late = permits.acquire("host", {});
  while (limits.of("host").snapshot().waiting === 0) await Promise.resolve();
  clock.advance(60_000);
  assertEquals([breaker()?.state, breaker()?.probes], ["half-open", 0]);
  for (const permit of taken) permit[Symbol.dispose]();
  using permit = await late;
  assertEquals([breaker()?.state, breaker()?.probes], ["half-open", 1]);
  permit.recordResponse(50);
});

Deno.test("connectionPermits() tells what waits for a host when it serves something after a silence", async () => {
  const { clock, permits } = setUp();
  using first = await permits.acquire("host", {});
  const idle = permits.revivalOf!("host");
  first.recordResponse(80);
  clock.advance(10_000);
  first.recordFlow();
  assertEquals(idle.aborted, false);
  clock.advance(20_000);
  using other = await permits.acquire("other", {});
  other.recordResponse(80);
  assertEquals(idle.aborted, false);
  first.recordFlow();
  assertEquals([idle.aborted, permits.revivalOf!("host").aborted], [true, false]);
});
