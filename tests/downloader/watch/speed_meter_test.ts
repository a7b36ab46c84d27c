import { assertEquals } from "@std/assert";
import { SpeedMeter } from "../../../lib/downloader/watch/speed_meter.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";

Deno.test("SpeedMeter returns the mean and the best second", () => {
  const clock = new FakeClock();
  const meter = new SpeedMeter(clock);
  for (const bytes of [100, 900, 200]) {
    clock.advance(1000);
    meter.add(bytes);
  }
  clock.advance(1000);
  assertEquals(meter.read(), { durationMs: 4000, meanSpeed: 300, peakSpeed: 900, bytes: 1200 });
});

Deno.test("SpeedMeter returns null without elapsed time", () => {
  assertEquals(new SpeedMeter(new FakeClock()).read(), { durationMs: 0, meanSpeed: 0, peakSpeed: 0, bytes: 0 });
});
