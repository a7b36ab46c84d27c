import { parseDuration } from "../../base/mod.ts";
import type { AlertsFile } from "./alerts_schema.ts";
import { DURATION_LIMITS, type DurationKey } from "./_duration_limits.ts";
import type { Mistakes, YamlPath } from "../../config/mod.ts";

/** Report each duration that is outside the limits of its key. */
export function checkDurations(file: AlertsFile, mistakes: Mistakes): void {
  const check = (path: YamlPath, written: string | number | undefined, key: DurationKey): void => {
    if (written === undefined) return;
    const { min, max, hint } = DURATION_LIMITS[key];
    const ms = parseDuration(String(written));
    const must = ms < parseDuration(min) ? `${min} or more` : ms > parseDuration(max) ? `${max} or less` : undefined;
    if (must !== undefined) mistakes.add([...path, key], `"${key}" is ${written}, and must be ${must}`, { hint });
  };
  for (const [index, rule] of file.rules.entries()) {
    for (const key of ["window", "for", "keepFiringFor"] as const) check(["rules", index], rule[key], key);
  }
  check([], file.groupWait, "groupWait");
  check([], file.repeatInterval, "repeatInterval");
}
