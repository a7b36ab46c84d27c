import { assertEquals } from "@std/assert";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { START } from "../_notifications.ts";
import { sendOnce } from "../_send.ts";

Deno.test("stdout receiver writes text that ends with a line break", async () => {
  const texts: string[] = [];
  await sendOnce("stdout:", {
    print: (text) => Promise.resolve(void texts.push(text)),
    clock: new FakeClock(START + 60_000),
  });
  assertEquals(texts, [
    "[FIRING:1] timeout_rate\n" +
    "● timeout_rate (critical): 2.1 % of downloads time out\n" +
    "  firing since 2026-01-01 00:00 UTC (1m), value 0.02134\n" +
    "  host=storage.example\n" +
    "  runbook: https://docs.example/runbook#timeouts\n",
  ]);
});
