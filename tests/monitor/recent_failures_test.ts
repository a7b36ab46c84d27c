import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { FAILURE_REMEDIES, RecentFailures, recognizeIssue, ThroughputHistory } from "../../lib/monitor/mod.ts";
import { inTempDir } from "../library/_temp_dir.ts";
import { append } from "./_rotate.ts";

const line = (message: string, level = "ERROR"): string =>
  JSON.stringify({ level, type: "end", outcome: "failed", failure: "disk", item: { path: "a.bin" }, message });

Deno.test("RecentFailures keeps the last ones, newest first, with what to do", () => {
  const failures = new RecentFailures({ limit: 3 });
  for (const message of ["1", "2", "3", "4"]) failures.see(recognizeIssue(line(message))!, { now: 0 });
  assertEquals(failures.list.map((failure) => failure.message), ["4", "3", "2"]);
  assertEquals(failures.list[0], {
    ...{
      time: "1970-01-01T00:00:00.000Z",
      path: "a.bin",
      class: "disk",
      message: "4",
      remedy: FAILURE_REMEDIES.disk.remedy,
    },
  });
});

Deno.test("RecentFailures begins with the end of a log, however long it is", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "download.log");
    const failures = new RecentFailures();
    await failures.seed(path, { now: 0 });
    assertEquals(failures.list, []);
    await append(path, `${line("of long ago")}\n`);
    const filler = `${line("well", "INFO")}\n`;
    await append(path, filler.repeat(Math.ceil(300_000 / filler.length)));
    await append(path, `${line("last but one")}\n${line("last")}\n{"half`);
    await failures.seed(path, { now: 0 });
    assertEquals(failures.list.map((failure) => failure.message), ["last", "last but one"]);
  }));

Deno.test("RecentFailures shows a line once that is at the end of the log and comes again when it is followed", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "download.log");
    const failed = { ...JSON.parse(line("once")), time: "2026-01-01T00:00:00.000Z" };
    await append(path, `${JSON.stringify(failed)}\n`);
    const failures = new RecentFailures();
    await failures.seed(path, { now: 0 });
    for (const message of ["once", "later"]) {
      failures.see(recognizeIssue(JSON.stringify({ ...failed, message }))!, { now: 0 });
    }
    assertEquals(failures.list.map((failure) => failure.message), ["later", "once"]);
  }));

Deno.test("ThroughputHistory keeps the last 120 values", () => {
  const history = new ThroughputHistory();
  for (let value = 0; value < 130; value++) history.add(value);
  assertEquals([history.values.length, history.values[0], history.values.at(-1)], [120, 10, 129]);
});
