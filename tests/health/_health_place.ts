import { join } from "node:path";
import { type Clock, systemClock } from "../../lib/base/mod.ts";
import { HEALTH_CHECKS, type HealthPlace, type HealthRow, runHealthChecks } from "../../lib/health/mod.ts";

/** A place without a network and without a key, with the test's changes. */
export function placeOf(
  library: string,
  changes: Partial<Omit<HealthPlace, "api">> = {},
): Omit<HealthPlace, "api"> {
  return {
    library,
    logs: join(library, "logs"),
    gone: null,
    key: { isPresent: false, origin: null, problem: null, files: [] },
    config: null,
    isSandbox: false,
    client: { baseUrl: "http://127.0.0.1:9" },
    limits: { links: null, bytes: null },
    reserveBytes: 0,
    isOffline: true,
    clock: systemClock,
    env: () => undefined,
    signal: new AbortController().signal,
    ...changes,
  };
}

/** Run one check of the table. */
export async function check(name: string, place: Omit<HealthPlace, "api">): Promise<HealthRow> {
  const { checks } = await runHealthChecks(place, { checks: HEALTH_CHECKS.filter((one) => one.name === name) });
  if (checks.length !== 1) throw new TypeError(`Cannot run "${name}": there is no such check`);
  return checks[0]!;
}

/** The system's clock, ahead by some time. */
export function clockAhead(ms: number): Clock {
  return { ...systemClock, now: () => systemClock.now() + ms };
}
