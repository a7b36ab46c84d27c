/**
 * Fetches a file from nginx that limits each connection to 5 MiB a second, and one that nothing limits.
 *
 * Bounds: where connections are limited, turbo has four of them and takes at most 1/3.8 of the time of stable; where
 * nothing is, it has one and is at most 3 % slower. Medians of pairs, each in a process of its own, by
 * the engine's clock: SHA-256 included, the start of the process not.
 * Needs nginx and 3 GB of disk; takes ten minutes: `deno run -q -P=acceptance tests/acceptance/capped.ts`
 *
 * @module
 */
import { compareProfiles } from "../integration/scenarios/capped.ts";
import { hasProgram } from "../helpers/has_program.ts";
import { numberFlag, tellProgress } from "./_flag.ts";
import { reportFigures } from "../helpers/report_figures.ts";

if (import.meta.main) {
  if (await hasProgram("nginx", "-v")) {
    const capped = await compareProfiles({
      bytes: numberFlag("capped-bytes", 400_000_000),
      limitRate: "5m",
      pairs: numberFlag("capped-pairs", 3),
      warmup: 0,
      onProgress: tellProgress,
    });
    const free = await compareProfiles({
      bytes: numberFlag("free-bytes", 2 ** 30),
      pairs: numberFlag("free-pairs", 7),
      warmup: 1,
      onProgress: tellProgress,
    });
    reportFigures({ capped, free }, [
      { name: "limited: turbo has four connections", isMet: capped.turbo.atOnce === 4 },
      { name: "limited: stable has one connection", isMet: capped.stable.connections === 1 },
      { name: "limited: at least 3.8 times as fast", isMet: capped.gain.value >= 3.8 },
      { name: "free: turbo has one connection", isMet: free.turbo.connections === 1 },
      { name: "free: at most 3 % slower", isMet: 1 / free.gain.value <= 1.03 },
    ]);
  } else tellProgress("Skipped: this machine has no nginx (Debian: apt-get install nginx)");
}
