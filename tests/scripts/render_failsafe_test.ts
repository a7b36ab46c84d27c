import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Failsafe } from "../../lib/failsafe/mod.ts";
import { renderFailsafe } from "../../scripts/_failsafe/render_failsafe.ts";
import { shortenTimes } from "../../lib/monitor/mod.ts";
import { FakeClock } from "../helpers/fake_clock.ts";
import { failTenTimes } from "../helpers/fail_ten_times.ts";

/** The same with times as a person of this time zone reads them. */
function local(text: string, clock: FakeClock): string {
  return shortenTimes(text, { language: "en", now: clock.now() });
}

Deno.test("renderFailsafe() shows the ladder's rung, the next probe and the history", () => {
  const clock = new FakeClock();
  const failsafe = Failsafe.inMemory({ clock, random: () => 0 });
  failTenTimes(failsafe, clock, { key: "b2.example.com" });
  failsafe.trip("disk", { forMs: 60_000 });
  clock.advance(10_000);
  failsafe.admit("b2.example.com");
  failsafe.hold("stable", { forMs: 3_600_000 });
  clock.advance(5000);
  assertEquals(
    renderFailsafe({ ...failsafe.status(), done: "Held" }, { width: 100, now: clock.now() }),
    local(
      `Held

Mode: stable, since 2026-01-01T00:00:22.000Z (5s ago)
  why: held manually
  held until: 2026-01-01T01:00:22.000Z
  automatic mode: parallel
  last minute: no calls in this mode
  what would change it: Releasing it manually; it ends in 59m 55s

BREAKER         STATE        SINCE    FAILED  TRIED        WHY
b2.example.com  being tried  5s ago           1 under way  probing after the wait
disk            blocked      15s ago          in 45s       opened manually

Last transitions:
  2026-01-01T00:00:12.000Z b2.example.com: closed -> open: answers with errors: 10 of its last 10 calls failed
  2026-01-01T00:00:12.000Z mode: turbo -> parallel: b2.example.com answers with errors: 10 of its last 10 calls failed
  2026-01-01T00:00:12.000Z disk: closed -> open: opened manually
  2026-01-01T00:00:22.000Z b2.example.com: open -> half-open: probing after the wait
  2026-01-01T00:00:22.000Z mode: parallel -> stable: held manually
`,
      clock,
    ),
  );
});

Deno.test("renderFailsafe() compares the hosts in use with their usual speed, and says why their limit is low", () => {
  const clock = new FakeClock();
  const since = new Date(clock.now() - 600_000).toISOString();
  const limit = { value: 1, ceiling: 4, reason: "refused", changedAt: new Date(clock.now() - 9000).toISOString() };
  const full = { value: 4, ceiling: 4, reason: "recovered", changedAt: since };
  const hosts = [
    {
      host: "s.example",
      speed: { kind: "bytes", ratio: 1 / 110, usual: 921_600, current: 8378 },
      slowSince: since,
      limit,
    },
    { host: "a.example", speed: { kind: "answer", ratio: 1, usual: 300, current: 300 }, slowSince: null, limit: full },
  ] as const;
  const lines = renderFailsafe({ ...Failsafe.inMemory({ clock }).status(), hosts }, { width: 200, now: clock.now() })
    .split("\n").filter((line) => line.includes(".example"));
  assertEquals(lines.map((line) => line.replaceAll(/ {3,}/g, "  ")), [
    local(`s.example  slow since ${since} (10m ago): 1/110 of its usual speed; `, clock) +
    "8.2 KiB/s for each connection, usually 900.0 KiB/s  1 of 4 connections: it refused more at once, 9s ago",
    "a.example  its usual speed; answers in 300ms, usually in 300ms  4 of 4 connections",
  ]);
});

Deno.test("renderFailsafe() calls a host in use while its transfers are open, although no call has ended", () => {
  const clock = new FakeClock();
  const failsafe = Failsafe.inMemory({ clock });
  const show = (inUse: readonly string[], language: "en" | "ja" = "en") =>
    renderFailsafe({ ...failsafe.status(), inUse }, { now: clock.now(), language });
  assertStringIncludes(show([]), "No breakers yet: no requests were made.");
  assertStringIncludes(show(["a.example"]), "No breakers yet: no request to a.example has ended.");
  assertStringIncludes(show(["a.example"], "ja"), "a.example へのリクエストはまだ終わっていません。");
  failsafe.record("a.example", { type: "ok", durationMs: 1 });
  clock.advance(600_000);
  assertMatch(show([]), /^a\.example +not in use/m);
  assertMatch(show(["a.example"]), /^a\.example +in use/m);
  assertMatch(show(["a.example"], "ja"), /^a\.example +使用中/m);
});
