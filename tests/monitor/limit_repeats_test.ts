import { assertEquals } from "@std/assert";
import { limitRepeats, RepeatLimiter } from "../../lib/monitor/limit_repeats.ts";
import { FakeClock } from "../helpers/fake_clock.ts";

Deno.test("limitRepeats() repeats a message after a while with its count, and passes others at once", () => {
  const said: string[] = [];
  const clock = new FakeClock();
  const say = limitRepeats((message) => said.push(message), clock);
  for (const message of ["a", "a", "b", "a"]) say(message);
  assertEquals(said, ["a", "b"]);
  clock.advance(600_000);
  for (const message of ["a", "b", "a"]) say(message);
  assertEquals(said, ["a", "b", "a (and 2 more since the last)", "b"]);
});

Deno.test("RepeatLimiter passes a new kind at once, and repetitions every ten minutes", () => {
  const clock = new FakeClock();
  const limiter = new RepeatLimiter(clock);
  const through: (readonly [atSeconds: number, suppressed: number])[] = [];
  for (let second = 0; second <= 1800; second++) {
    const suppressed = limiter.admit("timeout:failed");
    if (suppressed !== null) through.push([second, suppressed]);
    clock.advance(1000);
  }
  assertEquals(through, [[0, 0], [600, 599], [1200, 599], [1800, 599]]);
});

Deno.test("RepeatLimiter measures monotonic time, not the wall clock", () => {
  const clock = new FakeClock();
  const limiter = new RepeatLimiter(clock);
  limiter.admit("a");
  clock.jump(86_400_000);
  assertEquals(limiter.admit("a"), null);
  clock.jump(-2 * 86_400_000);
  clock.advance(600_000);
  assertEquals(limiter.admit("a"), 1);
});

Deno.test("RepeatLimiter forgets the kind that was not seen for longest at its limit", () => {
  const limiter = new RepeatLimiter(new FakeClock());
  for (let kind = 0; kind < 256; kind++) limiter.admit(`${kind}`);
  limiter.admit("0");
  limiter.admit("new");
  assertEquals(["0", "2", "new", "1"].map((kind) => limiter.admit(kind)), [null, null, null, 0]);
});
