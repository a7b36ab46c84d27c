import { assertEquals } from "@std/assert";
import { SegmentPilot } from "../../../lib/transfer/mod.ts";

const MB = 1_000_000;

/**
 * When the pilot first adds connections, if the bytes follow `bytesAt` each tenth of a second and all of the time is
 * spent waiting.
 */
function growsAtMs(bytesAt: (ms: number) => number, options: { readonly waitShare?: number } = {}): number | null {
  const { waitShare = 1 } = options;
  const pilot = new SegmentPilot({ verdict: null, nowMs: 0 });
  let bytes = 0;
  for (let nowMs = 100; nowMs <= 5000; nowMs += 100) {
    bytes += bytesAt(nowMs);
    const sample = { nowMs, bytes, waitedMs: nowMs * waitShare, connections: 1, remainingBytes: 1000 * MB };
    if (pilot.observe(sample).type === "grow") return nowMs;
  }
  return null;
}

Deno.test("SegmentPilot adds connections as soon as one steady connection waits", () => {
  assertEquals(growsAtMs(() => 0.5 * MB), 600);
});

Deno.test("SegmentPilot measures an accelerating connection for a second", () => {
  assertEquals(growsAtMs((ms) => Math.min(1, 2 ** (ms / 200) / 64) * MB), 1200);
});

Deno.test("SegmentPilot measures an unsteady connection for a second", () => {
  assertEquals(growsAtMs((ms) => (ms % 200 === 0 ? 0.2 : 0.8) * MB), 1200);
});

Deno.test("SegmentPilot never adds connections if this machine is the limit", () => {
  assertEquals(growsAtMs(() => 0.5 * MB, { waitShare: 0.5 }), null);
});
