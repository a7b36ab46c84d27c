import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { exists } from "@std/fs";
import { join } from "node:path";
import { KitError, openEvidence } from "../../lib/base/mod.ts";
import { openSoakFiles, runSoak, type SoakReport } from "../../lib/soak/mod.ts";
import { EventClock } from "../helpers/event_clock.ts";
import { inTempDir } from "../library/_temp_dir.ts";
import { SAMPLE_FACTS } from "./_sample_evidence.ts";

type Files = Awaited<ReturnType<typeof openSoakFiles>>;

/** A minute in four intervals. */
async function minute(files: Files): Promise<SoakReport> {
  const clock = new EventClock();
  const running = runSoak({
    ...{ plannedMs: 60_000, intervalMs: 15_000, clock, work: () => Promise.resolve({}) },
    onInterval: (row, report) => files.write(row, report()),
  });
  // The disk is real, and has its own time.
  let report = null as SoakReport | null;
  running.then((done) => report = done);
  while (report === null) await clock.run();
  return report;
}

Deno.test("S5: openSoakFiles() leaves a sealed report and a line of the journal after every interval", () =>
  inTempDir(async (folder) => {
    using files = await openSoakFiles(join(folder, "stability-1.json"), SAMPLE_FACTS);
    let intervals = 0;
    const checked: Files = {
      ...files,
      async write(row, report) {
        await files.write(row, report);
        const sealed = openEvidence(await Deno.readTextFile(files.path), { schema: "civitai-dl/stability" });
        assert((sealed.rows as unknown[]).length >= ++intervals);
        const lines = (await Deno.readTextFile(files.journal)).trimEnd().split("\n");
        assertEquals(lines.map((line) => JSON.parse(line).interval), Array.from({ length: intervals }, (_, at) => at));
      },
    };
    const report = await minute(checked);
    assertEquals([intervals, report.unwritten.count], [4, 0]);
    const sealed = await files.finish(report);
    assertEquals(openEvidence(await Deno.readTextFile(files.path)).digest, sealed.digest);
    assertEquals([sealed.end.type, sealed.endedAt], ["planned", report.sittings[0]!.endedAt]);
    assertEquals(await exists(`${files.path}.civitai-dl.tmp`), false);
  }));

Deno.test("openSoakFiles() refuses a second run in the same folder, and lets one in when the first is over", () =>
  inTempDir(async (folder) => {
    const first = await openSoakFiles(join(folder, "a.json"), SAMPLE_FACTS);
    const error = await assertRejects(() => openSoakFiles(join(folder, "b.json"), SAMPLE_FACTS), KitError);
    assertEquals(error.code, "unsafe");
    assertStringIncludes(error.message, '"stability"');
    first[Symbol.dispose]();
    (await openSoakFiles(join(folder, "b.json"), SAMPLE_FACTS))[Symbol.dispose]();
  }));

Deno.test("a disk that is full for a while costs intervals of the journal, not the run", () =>
  inTempDir(async (folder) => {
    let writes = 0;
    using files = await openSoakFiles(join(folder, "a.json"), SAMPLE_FACTS, {
      append(path, text) {
        if (++writes === 2 || writes === 3) return Promise.reject(new Error("No space left on device (os error 28)"));
        return Deno.writeTextFile(path, text, { append: true });
      },
    });
    const report = await minute(files);
    assertEquals(report.unwritten, { count: 2, reason: "No space left on device (os error 28)" });
    await files.finish(report);
    const sealed = openEvidence(await Deno.readTextFile(files.path));
    // The report itself knows all four intervals.
    assertEquals((sealed.rows as unknown[]).length, 4);
  }));
