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
    onInterval: (row, report) => files.write(row, report()),
  });
  // The disk is real and runs in real time.
  let report = null as SoakReport | null;
  running.then((done) => report = done);
  while (report === null) await clock.run();
  return report;
}

Deno.test("openSoakFiles() leaves a report and a journal line after every interval", () =>
  inTempDir(async (folder) => {
    using files = await openSoakFiles(join(folder, "stability-1.json"), SAMPLE_FACTS);
    let intervals = 0;
    const checked: Files = {
      ...files,
      async write(row, report) {
        await files.write(row, report);
        const whole = openEvidence(await Deno.readTextFile(files.path), { schema: "civitai-dl/stability" });
        assert((whole.rows as unknown[]).length >= ++intervals);
        const lines = (await Deno.readTextFile(files.journal)).trimEnd().split("\n");
        assertEquals(lines.map((line) => JSON.parse(line).interval), Array.from({ length: intervals }, (_, at) => at));
      },
    };
    const report = await minute(checked);
    assertEquals([intervals, report.unwritten.count], [4, 0]);
    const whole = await files.finish(report);
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

Deno.test("openSoakFiles() loses journal intervals on a full disk, not the run", () =>
  inTempDir(async (folder) => {
    let writes = 0;
    using files = await openSoakFiles(join(folder, "a.json"), SAMPLE_FACTS, {
      append(path, line) {
        if (++writes === 2 || writes === 3) return Promise.reject(new Error("No space left on device (os error 28)"));
        return Deno.writeTextFile(path, `${line}\n`, { append: true });
      },
    });
    const report = await minute(files);
    assertEquals(report.unwritten, { count: 2, reason: "No space left on device (os error 28)" });
    await files.finish(report);
    const whole = openEvidence(await Deno.readTextFile(files.path));
    // The report itself has all four intervals.
    assertEquals((whole.rows as unknown[]).length, 4);
  }));

const rowsOf = async (path: string): Promise<number[]> =>
  (await Deno.readTextFile(path)).split("\n").filter((line) => line !== "").map((line) => JSON.parse(line).interval);

Deno.test("openSoakFiles() refuses the files of an earlier run and keeps them unchanged", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "a.json");
    {
      using files = await openSoakFiles(path, SAMPLE_FACTS);
      await files.finish(await minute(files));
    }
    const hints = [[path, "with --resume"], [
      join(folder, "a.jsonl"),
      "move the file away, or choose another --output",
    ]] as const;
    for (const [kept, hint] of hints) {
      const before = await Deno.readTextFile(kept);
      const error = await assertRejects(() => openSoakFiles(path, SAMPLE_FACTS), KitError);
      assertEquals([error.code, await Deno.readTextFile(kept)], ["unsafe", before]);
      assertStringIncludes(error.message, kept);
      assertStringIncludes(error.hint!, hint);
      // Then only the journal exists.
      await Deno.remove(path).catch(() => {});
    }
    // The lock was released.
    (await openSoakFiles(join(folder, "b.json"), SAMPLE_FACTS))[Symbol.dispose]();
  }));

Deno.test("openSoakFiles() truncates a journal to whole lines of intervals in the report", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "a.json");
    let report: SoakReport;
    {
      using files = await openSoakFiles(path, SAMPLE_FACTS);
      report = await minute(files);
    }
    const journal = join(folder, "a.jsonl");
    const whole = await Deno.readTextFile(journal);
    const long = "x".repeat(200_000);
    for (
      const [tail, known] of [
        ['{"interval":4,"st', [0, 1, 2, 3]],
        ['{"inter{"interval":4}\n', [0, 1, 2, 3]],
        ['{"interval":4}\n{"interval":5}\n', [0, 1, 2, 3]],
        [`${long}\n${long}`, [0, 1, 2, 3]],
        ["", [0, 1]],
        ["", []],
      ] as const
    ) {
      await Deno.writeTextFile(journal, whole + tail);
      const resumed = { ...report, rows: report.rows.slice(0, known.length) };
      const resume = () => ({ ...SAMPLE_FACTS, ...resumed, endedAt: "" });
      (await openSoakFiles(path, SAMPLE_FACTS, { resume }))[Symbol.dispose]();
      assertEquals(await rowsOf(journal), [...known]);
    }
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
      await files.finish({ ...report, notes: ["its last word"] });
    }
    assertEquals(read, []);
    using files = await openSoakFiles(path, later, { resume });
    assertEquals([files.resumed?.notes, read.length, await rowsOf(files.journal)], [
      ["its last word"],
      1,
      [0, 1, 2, 3],
    ]);
    assertEquals(files.complete(files.resumed!).startedAt, SAMPLE_FACTS.startedAt);
  }));

Deno.test("openSoakFiles() keeps journal and lock if the report is refused", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "a.json");
    const resume = (): never => {
      throw new KitError("unsafe", "Cannot resume");
    };
    const none = await assertRejects(() => openSoakFiles(path, SAMPLE_FACTS, { resume }), KitError);
    assertEquals([none.code, await exists(join(folder, "stability.lock"))], ["usage", false]);
    await Deno.writeTextFile(path, "{}");
    await Deno.writeTextFile(join(folder, "a.jsonl"), '{"inter');
    await assertRejects(() => openSoakFiles(path, SAMPLE_FACTS, { resume }), KitError, "Cannot resume");
    assertEquals(await Deno.readTextFile(join(folder, "a.jsonl")), '{"inter');
    (await openSoakFiles(join(folder, "b.json"), SAMPLE_FACTS))[Symbol.dispose]();
  }));

Deno.test("openSoakFiles() removes a partly written line, so that the next one is whole", () =>
  inTempDir(async (folder) => {
    let writes = 0;
    using files = await openSoakFiles(join(folder, "a.json"), SAMPLE_FACTS, {
      async append(path, line) {
        const isFull = ++writes === 2;
        await Deno.writeTextFile(path, isFull ? line.slice(0, 99) : `${line}\n`, { append: true });
        if (isFull) throw new Error("No space left on device (os error 28)");
      },
    });
    const report = await minute(files);
    assertEquals([report.unwritten.count, await rowsOf(files.journal)], [1, [0, 2, 3]]);
  }));
