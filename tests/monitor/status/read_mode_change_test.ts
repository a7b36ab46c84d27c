import { assertEquals } from "@std/assert";
import { readModeChange } from "../../../lib/monitor/mod.ts";

Deno.test("readModeChange() reads a mode change from the log of a run", () => {
  const step = { from: "turbo", to: "parallel", reason: "36 of 139 calls failed within a minute" };
  const time = "2026-01-01T00:00:00Z";
  assertEquals(readModeChange(JSON.stringify({ time, level: "WARN", type: "mode", ...step })), step);
});

Deno.test("readModeChange() ignores any other line", () => {
  for (
    const line of ["", "text", '{"type":"breaker"}', '{"type":"mode"', '{"type":"mode","from":1,"to":"a"}', "\u0000"]
  ) {
    assertEquals(readModeChange(line), null, line);
  }
});
