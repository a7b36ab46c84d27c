import { assertEquals } from "@std/assert";
import { downloadMetric, LIBRARY_METRICS } from "../../../lib/downloader/mod.ts";
import { judgeRuns } from "../../../lib/library/mod.ts";
import { goneGauge, libraryGauges } from "../../../lib/monitor/library/library_gauges.ts";

const NOTHING = { runs: judgeRuns([]), disk: null, reserveBytes: null, reserveReached: null, fullInSeconds: null };
const OPTIONS = { find: downloadMetric, now: 0 };

Deno.test("libraryGauges() and goneGauge() measure what is defined of a library, and before the first run only silence", () => {
  const gauges = libraryGauges(NOTHING, OPTIONS);
  const known = gauges.filter(({ series }) => series.length > 0);
  assertEquals(known.map(({ definition }) => definition.name), ["civitai_dl.download.silence"]);
  const measured = [...gauges, goneGauge(null, OPTIONS)].map(({ definition }) => definition.name);
  const elsewhere = ["civitai_dl.rollouts.stopped", "civitai_dl.check.failing"];
  assertEquals(
    [...measured, ...elsewhere].toSorted(),
    [...LIBRARY_METRICS.map(({ name }) => name), "civitai_dl.download.silence"].toSorted(),
  );
});

Deno.test("libraryGauges() says whether the disk is at its reserve once a run has named one", () => {
  const valueOf = (name: string, changes: object) =>
    libraryGauges({ ...NOTHING, ...changes }, OPTIONS)
      .find(({ definition }) => definition.name === name)?.series[0]?.value;
  const atReserve = { leftFiles: 1, leftBytes: 1, missingBytes: 1 };
  assertEquals(valueOf("civitai_dl.disk.at_reserve", { reserveBytes: 1 }), 0);
  assertEquals(valueOf("civitai_dl.disk.at_reserve", { reserveBytes: 1, reserveReached: atReserve }), 1);
  assertEquals(valueOf("civitai_dl.disk.exhaustion", { fullInSeconds: 60 }), 60);
});
