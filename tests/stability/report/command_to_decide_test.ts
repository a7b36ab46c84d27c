import { assertEquals } from "@std/assert";
import { judgeRate, type SoakClaim } from "../../../lib/soak/mod.ts";
import { commandToDecide } from "../../../lib/stability/report/command_to_decide.ts";

const HOUR = 3_600_000;
const OPEN: SoakClaim = {
  id: "leak_heap",
  unit: "bytes per day",
  estimate: 3e7,
  events: null,
  trials: 60,
  bound: 5e7,
  confidence: 0.95,
  requirement: { op: "<", value: 32 * 2 ** 20 },
  verdict: "inconclusive",
  note: null,
};

function rate(events: number, trials: number): SoakClaim {
  return judgeRate({ id: "timeout_rate", events, trials, requirement: { op: "<", value: 0.01 } });
}

Deno.test.each(
  [
    ["a leak, as its judge says", { ...OPEN, decides: "--duration 9h" }, "--duration 9h"],
    // 299 trials without an event would pass; 1.1 to the power of 5 is 1.61.
    ["a rate, by its trials", rate(0, 200), "--duration 1h37m"],
    ["a claim without samples, in the usual length", rate(0, 0), "--duration 4h"],
    [
      "a run that was stopped, in the planned length",
      { ...OPEN, id: "duration", unit: "ms", estimate: HOUR, requirement: { op: ">=", value: 2.5 * HOUR } },
      "--duration 2h30m",
    ],
  ] as const satisfies readonly (readonly [string, SoakClaim, string])[],
)("commandToDecide() settles %s", (_name, claim, flag) => {
  const run = { actualMs: HOUR, plannedMs: 2.5 * HOUR };
  assertEquals(commandToDecide(claim, run), `civitai-dl stability ${flag}`);
});

Deno.test.each(
  [
    ["is decided", rate(0, 1000)],
    ["stays at its limit", rate(100, 10_000)],
    ["a month does not decide", OPEN],
  ] as const,
)("commandToDecide() names no command for a claim that %s", (_name, claim) => {
  assertEquals(commandToDecide(claim, { actualMs: HOUR, plannedMs: HOUR }), "");
});
