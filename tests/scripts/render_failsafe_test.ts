import { assertEquals } from "@std/assert";
import { Failsafe } from "../../lib/failsafe/mod.ts";
import { renderFailsafe } from "../../scripts/_failsafe/render_failsafe.ts";
import { FakeClock } from "../helpers/fake_clock.ts";

Deno.test("renderFailsafe() shows the ladder's rung, the next probe and the history", () => {
  const clock = new FakeClock();
  const failsafe = Failsafe.inMemory({ clock, random: () => 0 });
  for (let i = 0; i < 10; i++) failsafe.record("b2.example.com", { type: "failed", failure: "server" });
  failsafe.trip("disk", { forMs: 60_000 });
  clock.advance(10_000);
  failsafe.admit("b2.example.com");
  failsafe.hold("stable", { forMs: 3_600_000 });
  clock.advance(5000);
  assertEquals(
    renderFailsafe({ ...failsafe.status(), done: "Held" }, { width: 100, now: clock.now() }),
    `Held

Mode: stable, since 2026-01-01T00:00:10.000Z (5s ago)
  why: held manually
  held until: 2026-01-01T01:00:10.000Z
  automatic mode: parallel
  last minute: no calls in this mode
  what would change it: Releasing it manually; it ends in 59m 55s

BREAKER         STATE      SINCE    FAILED  TRIED        WHY
b2.example.com  half-open  5s ago           1 under way  probing after the wait
disk            open       15s ago          in 45s       opened manually

Last transitions:
  2026-01-01T00:00:00.000Z b2.example.com: closed -> open: answers with errors: 10 of its last 10 calls failed
  2026-01-01T00:00:00.000Z mode: turbo -> parallel: b2.example.com answers with errors: 10 of its last 10 calls failed
  2026-01-01T00:00:00.000Z disk: closed -> open: opened manually
  2026-01-01T00:00:10.000Z b2.example.com: open -> half-open: probing after the wait
  2026-01-01T00:00:10.000Z mode: parallel -> stable: held manually
`,
  );
});
