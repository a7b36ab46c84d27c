import { assertEquals } from "@std/assert";
import { IssueLimiter } from "../../../lib/monitor/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";

Deno.test("IssueLimiter passes a new kind at once, and repetitions every ten minutes", () => {
  const clock = new FakeClock();
  const limiter = new IssueLimiter({ clock });
  const through: (readonly [atSeconds: number, suppressed: number])[] = [];
  for (let second = 0; second <= 1800; second++) {
    const { isAllowed, suppressed } = limiter.admit("timeout:failed");
    if (isAllowed) through.push([second, suppressed]);
    clock.advance(1000);
  }
  assertEquals(through, [[0, 0], [600, 599], [1200, 599], [1800, 599]]);
});

Deno.test("IssueLimiter separates kinds", () => {
  const limiter = new IssueLimiter({ clock: new FakeClock() });
  const see = (kind: string) => limiter.admit(kind).isAllowed;
  assertEquals(["a", "a", "b", "a", "b", "c"].map(see), [true, false, true, false, false, true]);
  assertEquals([...limiter.suppressed()], [["a", 2], ["b", 1]]);
});

Deno.test("IssueLimiter gives an idle kind no more than its burst", () => {
  const clock = new FakeClock();
  const limiter = new IssueLimiter({ clock, burst: 2, everyMs: 1000 });
  clock.advance(3_600_000);
  const burst = () => Array.from({ length: 4 }, () => limiter.admit("a").isAllowed);
  assertEquals(burst(), [true, true, false, false]);
  clock.advance(3_600_000);
  assertEquals(burst(), [true, true, false, false]);
});

Deno.test("IssueLimiter measures monotonic time, not the wall clock", () => {
  const clock = new FakeClock();
  const limiter = new IssueLimiter({ clock });
  limiter.admit("a");
  clock.jump(86_400_000);
  assertEquals(limiter.admit("a").isAllowed, false);
  clock.jump(-2 * 86_400_000);
  clock.advance(600_000);
  assertEquals(limiter.admit("a"), { isAllowed: true, suppressed: 1 });
});

Deno.test("IssueLimiter drops the least recent kinds at its limit", () => {
  const limiter = new IssueLimiter({ clock: new FakeClock(), maxKinds: 3 });
  for (const kind of ["a", "b", "c", "a", "d"]) limiter.admit(kind);
  assertEquals(["a", "c", "d", "b"].map((kind) => limiter.admit(kind).isAllowed), [false, false, false, true]);
});
