import { assertEquals } from "@std/assert";
import { TimerMeter } from "../../../lib/soak/mod.ts";

Deno.test("TimerMeter counts timers until they fire or are cleared, and restores the platform's functions", async () => {
  const before = [globalThis.setTimeout, globalThis.setInterval, globalThis.clearTimeout, globalThis.clearInterval];
  {
    using meter = new TimerMeter();
    const long = setTimeout(() => {}, 60_000);
    const often = setInterval(() => {}, 60_000);
    assertEquals(meter.count, 2);
    const fired = await new Promise<string>((resolve) => setTimeout(resolve, 1, "arguments are passed on"));
    assertEquals([fired, meter.count], ["arguments are passed on", 2]);
    clearInterval(long);
    clearTimeout(often);
    clearTimeout(undefined);
    assertEquals(meter.count, 0);
  }
  const after = [globalThis.setTimeout, globalThis.setInterval, globalThis.clearTimeout, globalThis.clearInterval];
  assertEquals(after.every((one, index) => one === before[index]), true);
});
