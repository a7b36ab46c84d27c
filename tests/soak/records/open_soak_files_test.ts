import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { exists } from "@std/fs";
import { join } from "node:path";
import { KitError, openEvidence } from "../../../lib/base/mod.ts";
import { openSoakFiles, resumeSoak, runSoak, type SoakReport } from "../../../lib/soak/mod.ts";
import { EventClock } from "../../helpers/event_clock.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { SAMPLE_FACTS } from "../../helpers/evidence/soak_evidence.ts";

type Files = Awaited<ReturnType<typeof openSoakFiles>>;

/** A minute in four intervals. */
async function minute(files: Files): Promise<SoakReport> {
  const clock = new EventClock();
  const running = runSoak({
    plannedMs: 60_000,
    intervalMs: 15_000,
    clock,
    work: () => Promise.resolve({}),
    onInterval: async (_row, report) => void await files.write(report()),
  });
  // The disk is real and runs in real time.
  let report = null as SoakReport | null;
  running.then((done) => report = done);
  while (report === null) await clock.run();
  return report;
}

Deno.test("openSoakFiles() leaves a report after every interval", () =>
  inTempDir(async (folder) => {
    using files = await openSoakFiles(join(folder, "stability-1.json"), SAMPLE_FACTS);
    let intervals = 0;
    const checked: Files = {
      ...files,
      async write(report) {
        const written = await files.write(report);
        const whole = openEvidence(await Deno.readTextFile(files.path), { schema: "civitai-dl/stability" });
        assert((whole.rows as unknown[]).length >= ++intervals);
        return written;
      },
    };
    const report = await minute(checked);
    assertEquals([intervals, report.unwritten.count], [4, 0]);
    const whole = await files.write(report);
    assertEquals(openEvidence(await Deno.readTextFile(files.path)), whole as unknown);
    assertEquals([whole.end.type, whole.endedAt], ["planned", report.sittings[0]!.endedAt]);
    assertEquals(await exists(`${files.path}.civitai-dl.tmp`), false);
  }));

Deno.test("openSoakFiles() refuses a second run in the folder until the first ends", () =>
  inTempDir(async (folder) => {
    const first = await openSoakFiles(join(folder, "a.json"), SAMPLE_FACTS);
    const error = await assertRejects(() => openSoakFiles(join(folder, "b.json"), SAMPLE_FACTS), KitError);
    assertEquals(error.code, "unsafe");
    assertStringIncludes(error.message, '"stability"');
    first[Symbol.dispose]();
    (await openSoakFiles(join(folder, "b.json"), SAMPLE_FACTS))[Symbol.dispose]();
  }));

Deno.test("openSoakFiles() refuses the report of an earlier run and keeps it unchanged", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "a.json");
    {
      using files = await openSoakFiles(path, SAMPLE_FACTS);
      await files.write(await minute(files));
    }
    const before = await Deno.readTextFile(path);
    const error = await assertRejects(() => openSoakFiles(path, SAMPLE_FACTS), KitError);
    assertEquals([error.code, await Deno.readTextFile(path)], ["unsafe", before]);
    assertStringIncludes(error.message, path);
    assertStringIncludes(error.hint!, "with --resume");
    // The lock was released.
    (await openSoakFiles(join(folder, "b.json"), SAMPLE_FACTS))[Symbol.dispose]();
  }));

Deno.test("openSoakFiles() reads the report to resume under the lock", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "a.json");
    const read: string[] = [];
    const resume = (text: string) => {
      read.push(text);
      using lock = Deno.openSync(join(folder, "stability.lock"), { read: true, write: true });
      assertEquals(lock.tryLockSync(true), false);
      return resumeSoak(text, { ...SAMPLE_FACTS, plannedMs: 90_000 });
    };
    const later = { ...SAMPLE_FACTS, startedAt: "2026-02-02T00:00:00.000Z" };
    {
      using files = await openSoakFiles(path, SAMPLE_FACTS);
      const report = await minute(files);
      await assertRejects(() => openSoakFiles(path, later, { resume }), KitError, "held by");
      await files.write({ ...report, notes: ["its last word"] });
    }
    assertEquals(read, []);
    using files = await openSoakFiles(path, later, { resume });
    assertEquals([files.resumed?.notes, read.length], [["its last word"], 1]);
    assertEquals(files.complete(files.resumed!).startedAt, SAMPLE_FACTS.startedAt);
  }));

Deno.test("openSoakFiles() releases the lock if the report is refused", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "a.json");
    const resume = (): never => {
      throw new KitError("unsafe", "Cannot resume");
    };
    const none = await assertRejects(() => openSoakFiles(path, SAMPLE_FACTS, { resume }), KitError);
    assertEquals([none.code, await exists(join(folder, "stability.lock"))], ["usage", false]);
    await Deno.writeTextFile(path, "{}");
    await assertRejects(() => openSoakFiles(path, SAMPLE_FACTS, { resume }), KitError, "Cannot resume");
    (await openSoakFiles(join(folder, "b.json"), SAMPLE_FACTS))[Symbol.dispose]();
  }));
