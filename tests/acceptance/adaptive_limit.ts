/**
 * Lets the limit of concurrent requests find the capacity of a server on real sockets in another process.
 *
 * Bounds: if it responds 503 above 4 at once, the mean of the limit over the last 20 s is 4 ± 1 and less than 5 % are
 * refused; when that limit rises to 12, ours is 8 within 30 s; if it never refuses but is three times slower above 4,
 * the mean is 4 ± 1 as well; with a ceiling of 4 it never sees a fifth connection.
 * Takes four minutes: `deno run -q -P=acceptance tests/acceptance/adaptive_limit.ts [--seconds 60]`
 *
 * @module
 */
import { runLoad } from "../integration/scenarios/adaptive_limit.ts";
import { numberFlag, tellProgress } from "./_flag.ts";
import { reportFigures } from "../helpers/report_figures.ts";

if (import.meta.main) {
  const seconds = numberFlag("seconds", 60);
  const limit = { ceiling: 16 };
  tellProgress("A server that refuses above 4, then above 12");
  const [refusing, raised] = await runLoad({
    limit,
    workers: 32,
    periods: [
      { seconds, behavior: { mode: "refuse", bound: 4, latencyMs: 100 } },
      { seconds, behavior: { mode: "refuse", bound: 12, latencyMs: 100 } },
    ],
  });
  tellProgress("A server that is slower above 4");
  const [slowing] = await runLoad({
    limit,
    workers: 32,
    periods: [{ seconds, behavior: { mode: "slow", bound: 4, latencyMs: 100 } }],
  });
  tellProgress("A server that refuses, breaks and dawdles, and a ceiling of 4");
  const [moody] = await runLoad({
    limit: { ceiling: 4, start: 4 },
    workers: 32,
    abortShare: 0.2,
    periods: [{ seconds, behavior: { mode: "moody", bound: 4, latencyMs: 100 } }],
  });
  reportFigures({ refusing, raised, slowing, moody }, [
    { name: "refusing: the mean is 4 ± 1", isMet: Math.abs(refusing!.meanLimit - 4) <= 1 },
    { name: "refusing: less than 5 % refused", isMet: refusing!.refusedShare < 0.05 },
    { name: "raised: 8 within 30 s", isMet: raised!.secondsTo8 !== null && raised!.secondsTo8 < 30 },
    { name: "slowing: the mean is 4 ± 1", isMet: Math.abs(slowing!.meanLimit - 4) <= 1 },
    { name: "moody: four connections, never a fifth", isMet: moody!.peakConnections === 4 },
  ]);
}
