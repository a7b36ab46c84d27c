import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { exists, walk } from "@std/fs";
import { join } from "node:path";
import { Interruption, MemoryIo } from "../../lib/cli/mod.ts";
import { acquireLock, openEvidence, readTextIfExists, temporaryPathOf } from "../../lib/base/mod.ts";
import type { SoakEvidence } from "../../lib/soak/mod.ts";
import { openWorkFolder } from "../../lib/soak/rounds/work_folder.ts";
import type { StabilityJob } from "../../lib/stability/mod.ts";
import { StabilityWorker } from "../../lib/stability/work/stability_worker.ts";
import { openRun } from "../../scripts/_stability/open_run.ts";
import { displayOf } from "../helpers/worker_host.ts";
import { sampleEvidence } from "../helpers/evidence/soak_evidence.ts";
import { becomes } from "../helpers/becomes.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { call } from "../helpers/call.ts";

async function readReport(path: string): Promise<SoakEvidence> {
  return openEvidence(await Deno.readTextFile(path), { schema: "civitai-dl/stability" }) as unknown as SoakEvidence;
}

const words = (path: string, ...more: readonly string[]) => ["stability", "--output", path, ...more];

Deno.test("stability repeats real work under faults, and both ends count the same bytes", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "reports", "stability.json");
    const quick = ["--duration", "20", "--report-interval", "5", "--pace", "1", "--lanes", "3"];
    const { code, out, err } = await call(words(path, ...quick, "--work-folder", join(folder, "work"), "--json"));
    // Twenty seconds prove no rate.
    assertEquals(code, 3, err);
    // The first line of progress comes at once, without a terminal too.
    assertMatch(err, /^Stability: 20s with mild faults, all engines, 3 lanes, seed 1, a round every 5s; report \/.*\n/);
    const report = await readReport(path);
    assertEquals(JSON.parse(out).endedAt, report.endedAt);
    assertEquals([report.verdict, report.end.type, report.actualMs, report.plannedMs], [
      ...["inconclusive", "planned", 20_000, 20_000] as const,
    ]);
    const { totals, rows, claims } = report;
    assertEquals(rows.map((row) => row.lengthMs), [5000, 5000, 5000, 5000]);
    assertEquals(rows.reduce((sum, row) => sum + row.bytes, 0), totals.bytes);
    assert(totals.ops >= 5 && totals.attempts >= 30 && totals.faults > 0, JSON.stringify(totals));
    assert(totals.clientBytes > 1_000_000 && totals.clientRequests > 50, JSON.stringify(totals));
    assertEquals([totals.clientBytes, totals.clientRequests], [totals.serverBytes, totals.serverRequests]);
    assertEquals([totals.uncounted, totals.mismatches, report.differences], [0, 0, []]);
    const verdicts = Object.fromEntries(claims.map(({ id, verdict }) => [id, verdict]));
    for (
      const id of [
        "completeness",
        "wire_bytes",
        "integrity",
        "reconciliation_requests",
        "reconciliation_bytes",
        "deadlocks",
        "duration",
      ]
    ) {
      assertEquals(verdicts[id], "pass", id);
    }
    assert(report.generations[0]!.heapUsed.points.every(([, bytes]) => bytes > 2_000_000));
    // A process that gets no processor for a whole row has measured nothing in it.
    assert(rows.some((row) => row.timers !== null) && rows.some((row) => row.loopLagP99Ms !== null));
    // The libraries and their worker are gone.
    assertEquals(await Array.fromAsync(Deno.readDir(join(folder, "work"))), []);
    const page = await Deno.readTextFile(join(folder, "reports", "stability.html"));
    assertStringIncludes(page, "<svg");
    assertStringIncludes(await Deno.readTextFile(join(folder, "reports", "stability.md")), "Files with a wrong byte");
  }));

Deno.test("stability refuses invalid settings before it starts, and lists valid ones", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "a.json");
    const lines: readonly (readonly [readonly string[], string])[] = [
      [["--duration", "0"], "1s"],
      [["--duration=-5"], "30s, 5m, 4h, 7d"],
      [["--duration", "1w"], "30s, 5m, 4h, 7d"],
      [["--report-interval", "0"], "--report-interval"],
      [["--toxics", "wild"], '"none", "mild", "harsh"'],
      [["--abort-on", "luck"], "integrity"],
      [["--engine", "jet"], '"stable", "resilient", "parallel", "turbo"'],
      [["--lanes", "0"], "--lanes"],
      [["--pace", "NaN"], "--pace"],
      [["--resume", path], "--resume"],
    ];
    for (const [more, said] of lines) {
      const { code, err } = await call(words(path, ...more));
      assertEquals(code, 2, more.join(" "));
      assertStringIncludes(err, said);
    }
    assertEquals((await call(["stability", "--output", join(folder, "a.txt")])).code, 2);
    const file = join(folder, "file.json");
    await Deno.writeTextFile(file, "");
    await Deno.mkdir(join(folder, "folder.json"));
    for (
      const [args, said] of [
        [["--output", join(file, "x.json")], file],
        [["--output", join(folder, "folder.json")], "it is a folder"],
        [["--output", path, "--work-folder", file], `Cannot work in "${file}"`],
      ] as const
    ) {
      const { code, err } = await call(["stability", "--duration", "1", ...args]);
      assertEquals([code, err.includes("Unexpected")], [2, false], err);
      assertStringIncludes(err, said);
    }
    const none = await call(["stability", "--resume", path]);
    assertEquals(none.code, 2);
    assertStringIncludes(none.err, "no such report");
    assertEquals(await exists(path), false);
  }));

Deno.test("stability --help marks flags that --resume refuses", async () => {
  const { out } = await call(["stability", "--help"]);
  assertStringIncludes(out.replaceAll(/\s+/g, " "), "repeat it with --resume");
});

Deno.test("stability --output checks that a report can be written before it starts", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "a.json");
    await Deno.mkdir(temporaryPathOf(path));
    const { code, err } = await call(words(path, "--duration", "1"));
    assertEquals(code, 2, err);
    assertStringIncludes(err, `Cannot write "${path}"`);
  }));

Deno.test("stability removes only the libraries of killed runs", () =>
  inTempDir(async (folder) => {
    const left = join(folder, "civitai-dl-stability-left");
    const held = join(folder, "civitai-dl-stability-held");
    const fresh = join(folder, "civitai-dl-stability-fresh");
    for (const path of [left, held, fresh]) await Deno.mkdir(join(path, "lane-0"), { recursive: true });
    await Deno.writeTextFile(join(left, "lock"), "");
    using _lock = await acquireLock(join(held, "lock"), { command: "stability" });
    {
      await using work = await openWorkFolder(folder);
      assertEquals(await exists(work.path), true);
      // Two concurrent runs do not remove each other's.
      await using other = await openWorkFolder(folder);
      assertEquals([await exists(work.path), await exists(other.path)], [true, true]);
    }
    const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
    assertEquals(names, ["civitai-dl-stability-fresh", "civitai-dl-stability-held"]);
  }));

Deno.test("stability removes what a killed worker kept it from removing", () =>
  inTempDir(async (folder) => {
    for (let round = 0; round < 8; round++) {
      const left = join(folder, `civitai-dl-stability-left-${round}`);
      // Names before and after the lock, in any directory order.
      for (const name of ["lane-0", "lane-1", "lock", "lane-2", "lane-3"]) {
        const path = join(left, name);
        if (name === "lock") await Deno.mkdir(left, { recursive: true }).then(() => Deno.writeTextFile(path, ""));
        else {
          await Deno.mkdir(path, { recursive: true });
          for (let file = 0; file < 100; file++) await Deno.writeTextFile(join(path, `${file}`), "");
        }
      }
      let isDying = true;
      const writing = ["lane-0", "lane-1", "lane-2", "lane-3"].map(async (name) => {
        for (let file = 100; isDying; file++) {
          await Deno.writeTextFile(join(left, name, `${file}`), "").catch(() =>
            new Promise((wake) => setTimeout(wake))
          );
        }
      });
      await using _work = await openWorkFolder(folder);
      isDying = false;
      await Promise.all(writing);
      assertEquals(await exists(join(left, "lock")), await exists(left), `round ${round}`);
    }
    await using last = await openWorkFolder(folder);
    const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => join(folder, name));
    assertEquals(names, [last.path]);
  }));

Deno.test("stability lets a worker plan in the folder of the run: a killed one leaves nothing elsewhere", () =>
  inTempDir(async (folder) => {
    // Nobody accepts a connection, so that the plan stands still.
    using server = Deno.listen({ port: 0, hostname: "127.0.0.1" });
    const origin = `http://127.0.0.1:${server.addr.port}`;
    const context = { signal: new AbortController().signal, display: displayOf(new MemoryIo()) };
    using host = await openRun<never>(context, { describe: () => "planning" });
    await using worker = new StabilityWorker(host, { folder, origins: [origin] });
    const job: StabilityJob = {
      id: "0-plan",
      kind: "plan",
      engine: "stable",
      folder: join(folder, "library"),
      apiOrigin: origin,
      token: "key",
      silentMs: 60_000,
      timeouts: "fixed",
      creators: ["anna"],
    };
    const stop = new AbortController();
    const stopped = assertRejects(() => worker.do(job, stop.signal), Error, "seen");
    const hasCatalog = async () => (await Array.fromAsync(walk(folder))).some(({ name }) => name === "catalog.db");
    assert(await becomes(hasCatalog, 20_000));
    stop.abort(new Error("seen"));
    await stopped;
  }));

Deno.test("stability removes a folder without a lock that is older than an hour", () =>
  inTempDir(async (folder) => {
    const left = join(folder, "civitai-dl-stability-left");
    await Deno.mkdir(join(left, "lane-0"), { recursive: true });
    const old = new Date(Date.now() - 2 * 3_600_000);
    await Deno.utime(left, old, old);
    await using _work = await openWorkFolder(folder);
    assertEquals(await exists(left), false);
  }));

Deno.test("stability resumes after it was stopped", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "a.json");
    const stop = new AbortController();
    const stopped = becomes(async () => await readTextIfExists(path) !== null, 60_000)
      .then(() => stop.abort(new Interruption("SIGINT")));
    const setup = [
      "--report-interval",
      "2",
      "--pace",
      "1",
      "--lanes",
      "2",
      "--toxics",
      "none",
      "--seed",
      "3",
      "--quiet",
    ];
    const first = await call(words(path, "--duration", "7", ...setup), { signal: stop.signal });
    await stopped;
    assertEquals(first.code, 130, first.err);
    const half = await readReport(path);
    assertEquals([half.verdict, half.end.type], ["aborted", "signal"]);
    assert(half.actualMs >= 2000 && half.actualMs < 7000, `${half.actualMs}`);
    const foreign = join(folder, "foreign.json");
    const machine = { ...half.machine, cores: half.machine.cores + 1 };
    await Deno.writeTextFile(foreign, `${JSON.stringify({ ...half, machine })}\n`);
    const elsewhere = await call(["stability", "--resume", foreign, ...setup]);
    assertEquals(elsewhere.code, 4, elsewhere.err);
    assertStringIncludes(elsewhere.err, `cores was ${machine.cores}, is now ${half.machine.cores}`);
    assertEquals((await readReport(foreign)).machine, machine);
    // Meanwhile, neither a second run nor other settings may replace it.
    const other = await call(["stability", "--resume", path, ...setup, "--pace", "2"]);
    assertEquals(other.code, 4, other.err);
    assertStringIncludes(other.err, "--pace is 2, and the run began with 1");
    // Everything has its earlier value by default.
    const second = await call(["stability", "--resume", path, "--quiet"]);
    assertEquals(second.code, 3, second.err);
    const whole = await readReport(path);
    assertEquals([whole.end.type, whole.actualMs, whole.sittings.length], ["planned", 7000, 2]);
    assertEquals([whole.settings, whole.seed, whole.intervalMs], [half.settings, 3, 2000]);
    assertEquals(whole.rows.at(-1)!.startMs, 6000);
    assertEquals(whole.gaps.filter((gap) => gap.kind === "restart").length, 1);
    assertEquals(whole.startedAt, half.startedAt);
    assert(whole.totals.ops > half.totals.ops && whole.nextJob > half.nextJob);
    assertEquals(whole.totals.clientBytes, whole.totals.serverBytes);
    const fresh = await call(words(path, "--duration", "1", ...setup));
    assertEquals(fresh.code, 4, fresh.err);
    assertStringIncludes(fresh.err, "belongs to an earlier run");
    const done = await call(["stability", "--resume", path, ...setup]);
    assertEquals(done.code, 2);
    assertStringIncludes(done.err, "the run is complete after 7 s");
    await Deno.writeTextFile(path, (await Deno.readTextFile(path)).slice(0, -20));
    const truncated = await call(["stability", "--resume", path, ...setup]);
    assertEquals(truncated.code, 7);
    assertStringIncludes(truncated.err, "it may be truncated");
  }));

Deno.test("stability --resume refuses a report that another run writes", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "a.json");
    await Deno.writeTextFile(path, JSON.stringify(await sampleEvidence()));
    const held = await acquireLock(join(folder, "stability.lock"), { command: "stability" });
    const { code, err } = await call(["stability", "--resume", path]);
    assertEquals(code, 4, err);
    assertStringIncludes(err, "held by");
    held[Symbol.dispose]();
    await Deno.writeTextFile(path, "not whole");
    const alone = await call(["stability", "--resume", path]);
    assertEquals(alone.code, 7, alone.err);
    await Deno.remove(join(folder, "stability.lock"));
    const none = await call(["stability", "--resume", join(folder, "b.json")]);
    assertEquals([none.code, await exists(join(folder, "stability.lock"))], [2, false]);
  }));

Deno.test("stability reports its findings and the files it could not write", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "a.json");
    for (const name of ["a.html", "a.md"]) await Deno.mkdir(join(folder, name));
    const quick = ["--duration", "2", "--report-interval", "1", "--lanes", "1", "--toxics", "none", "--quiet"];
    const { code, out, err } = await call(words(path, ...quick));
    assertEquals(code, 4, err);
    for (const name of ["a.html", "a.md"]) assertStringIncludes(err, `error: Cannot write "${join(folder, name)}": `);
    assertStringIncludes(err, "only these 2 files are missing");
    assertMatch(out, /pass +duration/);
    assertStringIncludes(out, `Report: ${path}`);
    // What is writable was written.
    assertEquals(await exists(join(folder, "a.md")), true);
    assertEquals((await readReport(path)).end.type, "planned");
  }));
