import { assertEquals, assertLessOrEqual } from "@std/assert";
import { connectionPermits, createHostLimits, HostAdmission, RunMode } from "../../../lib/downloader/mod.ts";
import { Failsafe } from "../../../lib/failsafe/mod.ts";
import { PROFILES } from "../../../lib/transfer/mod.ts";
import { withBench } from "../../helpers/library/download_bench.ts";

for (const [isForced, name] of [[false, "a run pauses"], [true, "a run whose mode is forced ends"]] as const) {
  Deno.test(`${name} after few requests to a storage that returns only 500`, () =>
    withBench({ size: { creators: 1, modelsPerCreator: 100 } }, async (bench) => {
      const { sandbox, clock, events } = bench;
      sandbox.setToxics([{ type: "serverError", status: 500, rate: 1, on: ["storage"] }]);
      const force = isForced ? { force: { mode: "turbo", reason: "--engine turbo" } } : {};
      const failsafe = Failsafe.inMemory({ clock, ...force });
      const mode = new RunMode({ top: PROFILES.turbo, failsafe });
      const limits = createHostLimits({ profile: PROFILES.turbo, mode, onEvent: () => {}, clock });
      const { run } = await bench.download({
        mode,
        profile: PROFILES.turbo,
        permits: connectionPermits(limits, new HostAdmission({ failsafe, clock }), { clock }),
        patienceMs: 300_000,
      });
      assertEquals(run?.stopped?.code, "network", JSON.stringify(events.at(-1)));
      const requests = sandbox.log.requests.filter(({ host }) => host === "storage").length;
      // A hundred files with eight retries each would be 900.
      assertLessOrEqual(requests, 60, `${requests}`);
    }));
}
