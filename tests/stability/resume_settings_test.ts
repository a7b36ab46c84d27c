import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { KitError } from "../../lib/base/mod.ts";
import { resumeSettings } from "../../lib/stability/resume_settings.ts";
import type { StabilitySettings } from "../../lib/stability/stability_settings.ts";
import { sampleEvidence } from "../helpers/evidence/soak_evidence.ts";

/** The defaults of the command. */
const DEFAULTS: StabilitySettings = {
  path: "a.json",
  isResumed: true,
  isGiven: () => false,
  plannedMs: 14_400_000,
  intervalMs: 900_000,
  perSecond: 1,
  lanes: 4,
  seed: 1,
  level: "mild",
  engine: "all",
  abortOn: [],
  delayAbortMs: 0,
  workFolder: undefined,
};

const EARLIER = {
  perSecond: 0.5,
  lanes: 2,
  seed: 3,
  level: "harsh",
  engine: "stable",
  plannedMs: 60_000,
  intervalMs: 5000,
  abortOn: ["integrity", "deadlocks"],
  delayAbortMs: 30_000,
} as const;

/** The report of a run with other settings. */
async function earlierText(): Promise<string> {
  const report = await sampleEvidence();
  const { perSecond, lanes, seed, level: toxics, engine, ...more } = EARLIER;
  return JSON.stringify({ ...report, ...more, settings: { toxics, lanes, perSecond, seed, engine } });
}

function given(wish: Partial<StabilitySettings>, ...flags: readonly string[]): StabilitySettings {
  return { ...DEFAULTS, ...wish, isGiven: (flag) => flags.includes(flag) };
}

Deno.test("resumeSettings() takes missing settings from the report", async () => {
  assertEquals(resumeSettings(DEFAULTS, await earlierText()), { ...DEFAULTS, ...EARLIER });
});

Deno.test("resumeSettings() accepts changes of duration and interval, and equal settings", async () => {
  const asked = given(
    { plannedMs: 90_000, intervalMs: 2000, seed: 3, abortOn: ["deadlocks", "integrity"] },
    ...["duration", "report-interval", "seed", "abort-on"],
  );
  const { isGiven: _, ...wish } = resumeSettings(asked, await earlierText());
  const { isGiven: __, ...defaults } = DEFAULTS;
  assertEquals(wish, { ...defaults, ...EARLIER, plannedMs: 90_000, intervalMs: 2000 });
});

Deno.test("resumeSettings() refuses a different setting by its flag and both values", async () => {
  const text = await earlierText();
  for (
    const [flag, wish, said] of [
      ["seed", { seed: 4 }, "--seed is 4, and the run began with 3"],
      ["toxics", { level: "none" }, "--toxics is none, and the run began with harsh"],
      ["engine", { engine: "turbo" }, "--engine is turbo, and the run began with stable"],
      ["pace", { perSecond: 2 }, "--pace is 2, and the run began with 0.5"],
      ["lanes", { lanes: 4 }, "--lanes is 4, and the run began with 2"],
      ["abort-on", { abortOn: ["integrity"] }, "--abort-on is integrity, and the run began with integrity,deadlocks"],
      ["delay-abort", { delayAbortMs: 1000 }, "--delay-abort is 1s, and the run began with 30s"],
    ] as const
  ) {
    const error = assertThrows(() => resumeSettings(given(wish, flag), text), KitError);
    assertEquals(error.code, "unsafe");
    assertStringIncludes(error.message, said);
  }
});
