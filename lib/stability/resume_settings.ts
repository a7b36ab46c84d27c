import { canonicalJson, formatDuration, KitError, openEvidence } from "../base/mod.ts";
import type { SoakEvidence } from "../soak/mod.ts";
import type { StabilitySettings } from "./stability_settings.ts";

/** Settings that must not change within a run, with their flags: a report describes exactly one run. */
const KEPT = {
  seed: "seed",
  toxics: "level",
  engine: "engine",
  pace: "perSecond",
  lanes: "lanes",
  "abort-on": "abortOn",
  "delay-abort": "delayAbortMs",
} as const satisfies Readonly<Record<string, keyof StabilitySettings>>;

/**
 * Complete the settings of a resumed run: settings that the user did not specify are taken from the report.
 *
 * @param requested Settings from flags and defaults; a default does not count as specified
 * @param text The report to resume
 * @returns The settings of the run
 * @throws {EvidenceError} If the report is truncated, or of another kind
 * @throws {KitError} `unsafe` if a specified setting differs from the report; only duration and report interval may
 * change
 */
export function resumeSettings(requested: StabilitySettings, text: string): StabilitySettings {
  const report = openEvidence(text, { schema: "civitai-dl/stability" }) as unknown as SoakEvidence;
  const earlier = { ...requested, ...settingsOf(report) };
  const others = Object.entries(KEPT).filter(([flag, name]) =>
    requested.isGiven(flag) && canonicalJson(sorted(requested[name])) !== canonicalJson(sorted(earlier[name]))
  );
  if (others.length > 0) {
    const differences = others.map(([flag, name]) =>
      `--${flag} is ${formatSetting(name, requested)}, and the run began with ${formatSetting(name, earlier)}`
    );
    throw new KitError("unsafe", `Cannot resume: ${differences.join("; ")}`, {
      hint: "Leave it out to go on as before, or begin a new run",
    });
  }
  return {
    ...earlier,
    ...requested.isGiven("duration") ? { plannedMs: requested.plannedMs } : {},
    ...requested.isGiven("report-interval") ? { intervalMs: requested.intervalMs } : {},
  };
}

/** Read the settings that are stored in the report. */
function settingsOf(
  { settings, plannedMs, intervalMs, abortOn, delayAbortMs }: SoakEvidence,
): Partial<StabilitySettings> {
  const { toxics: level, perSecond, lanes, seed, engine } = settings as unknown as StabilitySettings & {
    readonly toxics: StabilitySettings["level"];
  };
  return { level, perSecond, lanes, seed, engine, plannedMs, intervalMs, abortOn, delayAbortMs };
}

/** Sort a list, because the order of claims has no meaning. */
function sorted(value: unknown): unknown {
  return Array.isArray(value) ? value.toSorted() : value;
}

function formatSetting(name: keyof StabilitySettings, settings: StabilitySettings): string {
  if (name === "abortOn") return settings.abortOn.join(",") || "none";
  return name === "delayAbortMs" ? formatDuration(settings.delayAbortMs) : String(settings[name]);
}
