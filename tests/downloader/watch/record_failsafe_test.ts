import { assertEquals } from "@std/assert";
import { defineDownloadMetrics, recordFailsafe } from "../../../lib/downloader/mod.ts";
import { Failsafe } from "../../../lib/failsafe/mod.ts";
import { MetricRegistry } from "../../../lib/metrics/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";

Deno.test("recordFailsafe() records the mode and each breaker, and their changes", () => {
  const clock = new FakeClock();
  const failsafe = Failsafe.inMemory({ clock, random: () => 0 });
  const registry = new MetricRegistry();
  const instruments = defineDownloadMetrics(registry);
  const read = () => {
    recordFailsafe(instruments, failsafe.status());
    const families = registry.snapshot().families.filter(({ name }) => /failsafe\.mode|breaker\.state/.test(name));
    return families.flatMap(({ series }) =>
      series.map((one) => `${Object.values(one.labels)}=${"value" in one && one.value}`)
    );
  };
  assertEquals(read(), ["=4"]);
  failsafe.trip("host", { forMs: 1000 });
  failsafe.hold("stable");
  assertEquals(read().sort(), ["=1", "host=2"]);
  clock.advance(1001);
  failsafe.admit("host").finish({ type: "ignored" });
  failsafe.hold("paused");
  assertEquals(read().sort(), ["=0", "host=1"]);
});
