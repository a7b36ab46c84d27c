import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { connectionPermits, DownloadMeter, HostAdmission, RunMode } from "../../../lib/downloader/mod.ts";
import { Failsafe, HostLimits } from "../../../lib/failsafe/mod.ts";
import { explainLine, readLine } from "../../../lib/problems/mod.ts";
import { MetricRegistry } from "../../../lib/metrics/mod.ts";
import { PROFILES } from "../../../lib/transfer/mod.ts";
import { openRunJournals } from "../../../lib/downloader/run/_run_journals.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { withBench } from "../../helpers/library/download_bench.ts";
import { failTenTimes } from "../../helpers/fail_ten_times.ts";

Deno.test("an outage by 500s is reported as such in events, metrics, failures and hints, even for refused items", () =>
  withBench({ size: { creators: 1, modelsPerCreator: 8 } }, (bench) =>
    inTempDir(async (logs) => {
      const { sandbox, clock, events } = bench;
      sandbox.setToxics([{ type: "serverError", status: 500, rate: 1, on: ["storage"] }]);
      const failsafe = Failsafe.inMemory({ clock, random: () => 0, force: { mode: "resilient", reason: "a test" } });
      const mode = new RunMode({ top: PROFILES.resilient, failsafe });
      const hosts = new HostAdmission({ failsafe, clock, patienceMs: 2000 });
      const permits = connectionPermits(new HostLimits(), hosts, { clock });
      const { run } = await bench.download({ mode, permits, maxRetries: 4 });
      const host = new URL(sandbox.storageOrigin).host;
      const ends = events.filter((event) => event.type === "end");
      const refused = ends.filter((event) => event.refusedBy !== undefined);
      assert(refused.length > 0, JSON.stringify(ends));
      for (const end of ends) assertEquals([end.failure, end.host], ["server", host], end.message ?? "");
      for (const { refusedBy, message } of refused) {
        assertEquals(refusedBy, host);
        // How many fit into the ten seconds before it opens, depends on the random waits.
        assertMatch(
          message!,
          /"127\.0\.0\.1:\d+" answers with errors \(500\): (\d+) of its last \1 calls failed; waited /,
        );
      }
      assertEquals([...new Set(run?.failed.map((item) => item.failure))], ["server"]);

      const registry = new MetricRegistry();
      const meter = new DownloadMeter(registry);
      for (const event of events) meter.record(event);
      const read = (name: string) =>
        registry.snapshot().families.find((family) => family.name === name)?.series.map(({ labels, ...series }) => [
          labels,
          "value" in series ? series.value : null,
        ]);
      assertEquals(read("civitai_dl.breaker.refusals"), [[{ host, class: "server" }, refused.length]]);
      assertEquals(read("civitai_dl.download.errors"), [[{ host, class: "server" }, ends.length]]);

      {
        await using journals = openRunJournals(registry, {
          logs,
          instruments: meter.instruments,
          failsafe,
          hosts: () => [],
          outageMs: () => 0,
          redact: (text) => text,
          onWarning() {},
        });
        journals.recordFailure(refused[0]!);
      }
      const line = (await Deno.readTextFile(join(logs, "failures.jsonl"))).trimEnd();
      const { class: name, host: told, refused_by: by, breaker } = JSON.parse(line);
      assertEquals([name, told, by, breaker], ["server", host, host, "open"]);
      const advice = explainLine(readLine(line));
      assert(advice.type === "problem" && advice.problem === "server");
      assertStringIncludes(advice.meaning, `the breaker of ${host} then blocked further requests`);
    })));

Deno.test("a file that a breaker refuses is not marked as corrupted for the failures of others", () =>
  withBench({}, async (bench) => {
    const { sandbox, clock, events, library } = bench;
    const failsafe = Failsafe.inMemory({ clock, random: () => 0, force: { mode: "resilient", reason: "a test" } });
    const { host } = new URL(sandbox.storageOrigin);
    failTenTimes(failsafe, clock, { key: host, outcome: { type: "failed", failure: "integrity" } });
    const mode = new RunMode({ top: PROFILES.resilient, failsafe });
    const hosts = new HostAdmission({ failsafe, clock, patienceMs: 100 });
    await bench.download({ mode, permits: connectionPermits(new HostLimits(), hosts, { clock }) });
    const ends = events.filter((event) => event.type === "end");
    assertEquals([...new Set(ends.map(({ outcome, failure }) => `${outcome} ${failure}`))], ["failed integrity"]);
    assertEquals([...library.catalog.items({ states: ["corrupted"] })], []);
  }));
