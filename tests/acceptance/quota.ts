/**
 * Fetches 1 000 model files while connections break, links expire and runs are killed by SIGKILL, and counts the hits
 * on the download route, each of which the live service counts against a quota of 24 hours.
 *
 * Bounds: every file correct; hits at most files + 1 + one per real expiry + one per file under way at a kill: a signed
 * URL is never stored.
 * Takes some minutes: `deno run -q -P=acceptance tests/acceptance/quota.ts [--files 1000] [--kills 20] [--seed 1]`
 *
 * @module
 */
import { seededRandom } from "../../lib/base/mod.ts";
import { runQuota } from "../integration/scenarios/quota.ts";
import { numberFlag, tellProgress } from "./_flag.ts";
import { reportFigures } from "../helpers/report_figures.ts";

if (import.meta.main) {
  const files = numberFlag("files", 1000);
  const kills = numberFlag("kills", 20);
  const seed = numberFlag("seed", 1);
  const random = seededRandom(seed);
  const start = performance.now();
  const figures = await runQuota({
    files,
    kills,
    seed,
    bytesPerSecond: 4_000_000,
    onProgress: tellProgress,
    largeSizes: Array.from({ length: Math.ceil(files / 20) }, () => 1_000_000 + Math.floor(random() * 4_000_000)),
    toxics: [{ type: "expiredUrl", rate: 0.03, on: ["storage"] }, { type: "reset", rate: 0.05 }],
  });
  const beyond = figures.hits - figures.files - figures.expiries - figures.underWay;
  reportFigures({ ...figures, beyond, seconds: (performance.now() - start) / 1000 }, [
    { name: "every file is right", isMet: figures.right === figures.files && figures.files >= files },
    { name: "as many kills as asked for", isMet: figures.kills === kills },
    { name: "links expired and connections broke", isMet: figures.expiries > 0 && figures.resets > 0 },
    { name: "hits at most files + 1 + expiries + files under way at kills", isMet: beyond <= 1 },
    { name: "every run that nobody killed ends with 0", isMet: figures.failedRuns.length === 0 },
  ]);
}
