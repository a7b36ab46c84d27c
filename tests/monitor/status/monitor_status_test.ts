import { assertEquals } from "@std/assert";
import { LibraryObserver } from "../../../lib/monitor/mod.ts";
import { MonitorStatus } from "../../../lib/monitor/status/monitor_status.ts";
import { withBench } from "../../helpers/library/download_bench.ts";

Deno.test("the status counts as files of the library what is there, not what is planned", () =>
  withBench({}, async (bench) => {
    await bench.plan();
    const { root } = bench.library;
    const options = {
      library: root,
      tickMs: 1000,
      metrics: undefined,
      history: undefined,
      checks: () => null,
      nameCommands: (text: string) => text,
      readTotals: () => Promise.resolve(bench.library.catalog.totals()),
      onWarning: () => {},
      observer: new LibraryObserver(root),
      presence: { gone: null },
    };
    const status = new MonitorStatus(options);
    await status.refresh();
    const planned = status.document().library!;
    assertEquals([planned.files, planned.bytes, (planned.byState.planned ?? 0) > 0], [0, 0, true]);
  }));
