import { assertEquals } from "@std/assert";
import type { DownloadEvent } from "../../lib/downloader/mod.ts";
import { Failsafe } from "../../lib/failsafe/mod.ts";
import { reportFailsafe } from "../../scripts/_download/report_failsafe.ts";
import { FakeClock } from "../helpers/fake_clock.ts";
import { failTenTimes } from "../helpers/fail_ten_times.ts";

Deno.test("reportFailsafe() reports why a breaker opened and when the host is probed", () => {
  const lines: string[] = [];
  const display = { notice: (text: string) => void lines.push(text), log: (text: string) => void lines.push(text) };
  const clock = new FakeClock();
  const failsafe = Failsafe.inMemory({
    clock,
    random: () => 0,
    onEvent: ({ time: _, ...event }) => reportFailsafe(event satisfies DownloadEvent, display),
  });
  const outcome = { type: "failed", failure: "server", status: 500 } as const;
  failTenTimes(failsafe, clock, { key: "b2.civitai.com", outcome });
  clock.advance(10_000);
  for (let i = 0; i < 2; i++) failsafe.admit("b2.civitai.com").finish({ type: "ok", durationMs: 5 });
  const why = "answers with errors (500): 10 of its last 10 calls failed";
  assertEquals(lines, [
    `failsafe: b2.civitai.com is open: ${why}; next attempt in 10s`,
    `failsafe: turbo → parallel: b2.civitai.com ${why}`,
    "failsafe: b2.civitai.com is half-open: probing after the wait",
    "failsafe: b2.civitai.com is closed: 2 of 3 probes succeeded",
  ]);
});
