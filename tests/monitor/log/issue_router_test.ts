import { assertEquals } from "@std/assert";
import { IssueRouter } from "../../../lib/monitor/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";

Deno.test("IssueRouter lets a new kind through at once, and its repetitions once in ten minutes", () => {
  const clock = new FakeClock();
  const router = new IssueRouter({ clock });
  const through: (readonly [atSeconds: number, suppressed: number])[] = [];
  for (let second = 0; second <= 1800; second++) {
    const { isLetThrough, suppressed } = router.see("timeout:failed");
    if (isLetThrough) through.push([second, suppressed]);
    clock.advance(1000);
  }
  assertEquals(through, [[0, 0], [600, 599], [1200, 599], [1800, 599]]);
});

Deno.test("IssueRouter keeps kinds apart", () => {
  const router = new IssueRouter({ clock: new FakeClock() });
  const see = (kind: string) => router.see(kind).isLetThrough;
  assertEquals(["a", "a", "b", "a", "b", "c"].map(see), [true, false, true, false, false, true]);
  assertEquals([...router.suppressed()], [["a", 2], ["b", 1]]);
});

Deno.test("IssueRouter gives a kind that rested no more than its burst", () => {
  const clock = new FakeClock();
  const router = new IssueRouter({ clock, burst: 2, everyMs: 1000 });
  clock.advance(3_600_000);
  const burst = () => Array.from({ length: 4 }, () => router.see("a").isLetThrough);
  assertEquals(burst(), [true, true, false, false]);
  clock.advance(3_600_000);
  assertEquals(burst(), [true, true, false, false]);
});

Deno.test("IssueRouter goes by time that passes, not by the wall clock", () => {
  const clock = new FakeClock();
  const router = new IssueRouter({ clock });
  router.see("a");
  clock.jump(86_400_000);
  assertEquals(router.see("a").isLetThrough, false);
  clock.jump(-2 * 86_400_000);
  clock.advance(600_000);
  assertEquals(router.see("a"), { isLetThrough: true, suppressed: 1 });
});

Deno.test("IssueRouter forgets the kinds that were seen longest ago when there are too many", () => {
  const router = new IssueRouter({ clock: new FakeClock(), maxKinds: 3 });
  for (const kind of ["a", "b", "c", "a", "d"]) router.see(kind);
  assertEquals(["a", "c", "d", "b"].map((kind) => router.see(kind).isLetThrough), [false, false, false, true]);
});
