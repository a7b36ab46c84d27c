import { assertEquals } from "@std/assert";
import { INTERRUPT_CODES } from "../../../lib/base/mod.ts";
import { Interruption, stopSignals } from "../../../lib/cli/run/interruption.ts";

Deno.test("stopSignals() has a closed console window on every system, and an exit code for each signal", () => {
  assertEquals(stopSignals("windows"), ["SIGINT", "SIGBREAK", "SIGHUP"]);
  for (const os of ["linux", "darwin"] as const) assertEquals(stopSignals(os), ["SIGINT", "SIGTERM", "SIGHUP"]);
  for (const name of [...stopSignals("windows"), ...stopSignals("linux")]) {
    assertEquals(new Interruption(name).exitCode, INTERRUPT_CODES[name]);
  }
});
