import { assertEquals } from "@std/assert";
import { RunTimeline, type SoakGap } from "../../../lib/soak/facts/run_timeline.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";

function begin(coveredMs = 0) {
  const clock = new FakeClock();
  const gaps: SoakGap[] = [];
  return { clock, gaps, timeline: new RunTimeline(clock, { coveredMs, onGap: (gap) => gaps.push(gap) }) };
}

Deno.test("RunTimeline records a suspended process as a gap and does not count it", () => {
  const { clock, gaps, timeline } = begin(1000);
  timeline.announceRest(1000);
  clock.advance(1000);
  timeline.update();
  assertEquals([timeline.coveredMs, gaps], [2000, []]);
  timeline.announceRest(1000);
  clock.advance(10_500);
  assertEquals(timeline.coveredMs, 3000);
  timeline.update();
  assertEquals(timeline.coveredMs, 3000);
  assertEquals(gaps.map(({ kind, lengthMs }) => [kind, lengthMs]), [["suspended", 9500]]);
});

Deno.test("RunTimeline continues when the wall clock is set, and reports it", () => {
  for (const jumpMs of [3_600_000, -7_200_000]) {
    const { clock, gaps, timeline } = begin();
    timeline.announceRest(1000);
    clock.advance(900);
    clock.jump(jumpMs);
    timeline.update();
    assertEquals(timeline.coveredMs, 900);
    assertEquals(gaps.map(({ kind, lengthMs }) => [kind, lengthMs]), [["clock", jumpMs]]);
  }
});

Deno.test("RunTimeline tolerates a busy machine", () => {
  const { clock, gaps, timeline } = begin();
  timeline.announceRest(1000);
  clock.advance(5000);
  timeline.update();
  assertEquals([timeline.coveredMs, gaps], [5000, []]);
});
