import { parseDuration } from "../../base/mod.ts";
import type { AlertsFile } from "./alerts_schema.ts";
import { DURATION_LIMITS, type DurationKey } from "./_duration_limits.ts";
import type { Mistakes, YamlPath } from "../../config/mod.ts";

/** Report each duration that is outside the limits of its key. */
export function checkDurations(file: AlertsFile, mistakes: Mistakes): void {
  const check = (path: YamlPath, written: string | number | undefined, kind: DurationKey): void => {
    if (written === undefined) return;
    const { min, max, hint } = DURATION_LIMITS[kind];
    const ms = parseDuration(String(written));
    const must = ms < parseDuration(min) ? `${min} or more` : ms > parseDuration(max) ? `${max} or less` : undefined;
    if (must !== undefined) mistakes.add(path, `"${path.at(-1)}" is ${written}, and must be ${must}`, { hint });
  };
  for (const [index, group] of (file.groups ?? []).entries()) {
    check(["groups", index, "interval"], group.interval, "interval");
    for (const [at, rule] of group.rules.entries()) {
      const path = ["groups", index, "rules", at];
      for (const key of ["window", "for", "keepFiringFor"] as const) check([...path, key], rule[key], key);
    }
  }
  for (const [index, { window }] of (file.slo ?? []).entries()) check(["slo", index, "window"], window, "sloWindow");
  const routes = (file.route?.routes ?? []).map((route, index) => [["route", "routes", index], route] as const);
  for (const [path, route] of [[["route"], file.route ?? {}] as const, ...routes]) {
    for (const key of ["groupWait", "groupInterval", "repeatInterval"] as const) {
      check([...path, key], route[key], key);
    }
  }
  check(["heartbeat", "every"], file.heartbeat?.every, "every");
}
