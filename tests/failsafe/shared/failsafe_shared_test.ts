import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { KitError, seededRandom } from "../../../lib/base/mod.ts";
import { type CallOutcome, Failsafe, type FailsafeEvent, type FailsafeOptions } from "../../../lib/failsafe/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { runCaller } from "../_caller.ts";

const OK: CallOutcome = { type: "ok", durationMs: 50 };
const FAILED: CallOutcome = { type: "failed", failure: "server" };

/** Several instances that share a folder and a clock; their events and warnings go to shared lists. */
function sharing(folder: string) {
  const clock = new FakeClock();
  const events: FailsafeEvent[] = [];
  const warnings: string[] = [];
  const open = (options: FailsafeOptions = {}): Promise<Failsafe> =>
    Failsafe.open(folder, {
      clock,
      random: seededRandom(1),
      onEvent: (event) => events.push(event),
      onWarning: (message) => warnings.push(message),
      ...options,
    });
  const path = join(folder, "failsafe.json");
  return { clock, events, warnings, open, path };
}

function call(failsafe: Failsafe, outcome: CallOutcome): string {
  const permit = failsafe.admit("host");
  permit.finish(outcome);
  return permit.type;
}

function stateOf(failsafe: Failsafe): string | undefined {
  return failsafe.status().breakers.find(({ key }) => key === "host")?.state;
}

Deno.test("Failsafe shares an open breaker: another process sends no request at +5 s, a third probes at +10 s", () =>
  inTempDir(async (folder) => {
    let requests = 0;
    await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
      requests++;
      return new Response(null, { status: requests > 10 ? 204 : 500 });
    });
    const task = { folder, url: `http://127.0.0.1:${server.addr.port}/` };
    const first = await runCaller({ ...task, calls: 11, aheadMs: 0 });
    assertEquals([requests, first.permits.at(-1)], [10, "refused"]);
    assertEquals(first.events, ["1 closed open", "2 turbo parallel"]);
    const second = await runCaller({ ...task, calls: 3, aheadMs: 5000 });
    assertEquals([requests, second.permits, second.events], [10, ["refused", "refused", "refused"], []]);
    assert(second.retryInMs > 0 && second.retryInMs <= 5000, `${second.retryInMs}`);
    const third = await runCaller({ ...task, calls: 3, aheadMs: 10_000 });
    assertEquals([requests, third.permits], [13, ["probe", "probe", "allowed"]]);
    assertEquals(third.events, ["3 open half-open", "4 half-open closed"]);
  }));

Deno.test("Failsafe moves an unreadable state aside with a warning and closes all breakers", () =>
  inTempDir(async (folder) => {
    const broken = [
      "",
      "{",
      "null",
      "[]",
      '{"schema":"other","version":1}',
      "\u0000\u0001",
      "x".repeat(1e6),
      "junk\nmore",
    ];
    for (const [index, text] of broken.entries()) {
      const { open, path, warnings } = sharing(folder);
      const aside = `${path}.corrupt${index === 0 ? "" : `-${index + 1}`}`;
      await Deno.writeTextFile(path, text);
      await using failsafe = await open();
      assertEquals(failsafe.admit("host").type, "allowed");
      assertEquals(warnings.length, 1);
      assertStringIncludes(warnings[0]!, `moved to "${aside}"`);
      assertEquals(warnings[0]!.includes("\n"), false);
      assertEquals(await Deno.readTextFile(aside), text);
    }
    assertEquals(await Deno.readTextFile(join(folder, "failsafe.json.corrupt")), broken[0]);
  }));

Deno.test("Failsafe moves a state with any missing or invalid field aside", () =>
  inTempDir(async (folder) => {
    const { clock, open, path } = sharing(folder);
    {
      await using failsafe = await open();
      for (let i = 0; i < 10; i++) call(failsafe, FAILED);
      clock.advance(10_000);
      failsafe.admit("host");
      failsafe.hold("stable", { forMs: 1000 });
    }
    const good = await Deno.readTextFile(path);
    let count = 0;
    for (const place of placesOf(JSON.parse(good))) {
      for (const value of [undefined, {}, -1, "x"]) {
        const text = JSON.stringify(withValue(JSON.parse(good), place, value));
        const { open, warnings } = sharing(folder);
        await Deno.writeTextFile(path, text);
        await using failsafe = await open();
        assert(["probe", "refused", "allowed"].includes(failsafe.admit("host").type));
        assert(warnings.every((warning) => warning.includes("Cannot read")), `${place}: ${warnings}`);
        count += warnings.length;
      }
    }
    assert(count > 100, `${count} variants were refused`);
  }));

Deno.test("Failsafe refuses a state of a newer version and does not change it", () =>
  inTempDir(async (folder) => {
    const { open, path } = sharing(folder);
    const text = '{"schema":"civitai-dl/failsafe","version":2,"news":true}\n';
    await Deno.writeTextFile(path, text);
    const error = await assertRejects(() => open(), KitError, "format 2; this program reads format 1");
    assertEquals([error.code, await Deno.readTextFile(path)], ["unsafe", text]);
  }));

Deno.test("Failsafe refuses a pipe in place of its state and does not wait for it", {
  ignore: Deno.build.os === "windows",
}, () =>
  inTempDir(async (folder) => {
    const { open, path } = sharing(folder);
    await new Deno.Command("mkfifo", { args: [path] }).output();
    const error = await assertRejects(() => open(), KitError, "a device or a pipe is in its place");
    assertEquals(error.code, "unsafe");
  }));

Deno.test("Failsafe continues alone with a warning if a newer program takes over the state", () =>
  inTempDir(async (folder) => {
    const { clock, open, path, warnings } = sharing(folder);
    await using failsafe = await open();
    for (let i = 0; i < 10; i++) call(failsafe, FAILED);
    const text = '{"schema":"civitai-dl/failsafe","version":9}\n';
    await Deno.writeTextFile(path, text);
    clock.advance(10_000);
    assertEquals([call(failsafe, OK), call(failsafe, OK), stateOf(failsafe)], ["probe", "probe", "closed"]);
    assertEquals([warnings.length, await Deno.readTextFile(path)], [1, text]);
  }));

Deno.test("Failsafe warns once if it cannot write, and keeps its history in memory until it can", () =>
  inTempDir(async (folder) => {
    const { clock, events, open, path, warnings } = sharing(folder);
    await using failsafe = await open();
    call(failsafe, OK);
    clock.advance(10_000);
    const temporary = `${path}.civitai-dl.tmp`;
    await Deno.mkdir(join(temporary, "in the way"), { recursive: true });
    for (let i = 0; i < 10; i++) call(failsafe, FAILED);
    assertEquals([stateOf(failsafe), events.length, warnings.length], ["open", 2, 1]);
    assertStringIncludes(warnings[0]!, `Cannot write "${path}"`);
    clock.advance(10_000);
    assertEquals([call(failsafe, OK), warnings.length], ["probe", 1]);
    await Deno.remove(temporary, { recursive: true });
    assertEquals([call(failsafe, OK), stateOf(failsafe)], ["probe", "closed"]);
    assertEquals(JSON.parse(await Deno.readTextFile(path)).breakers.host.phase, "closed");
  }));

Deno.test("a breaker that opened while the state could not be written stays open when another process writes", () =>
  inTempDir(async (folder) => {
    const { clock, open, path } = sharing(folder);
    await using failsafe = await open();
    await using other = await open();
    call(failsafe, OK);
    clock.advance(2000);
    call(failsafe, OK);
    clock.advance(10_000);
    const temporary = `${path}.civitai-dl.tmp`;
    await Deno.mkdir(join(temporary, "in the way"), { recursive: true });
    for (let i = 0; i < 10; i++) call(failsafe, FAILED);
    assertEquals(stateOf(failsafe), "open");
    await Deno.remove(temporary, { recursive: true });
    other.hold("stable");
    clock.advance(1000);
    assertEquals([failsafe.mode, stateOf(failsafe), call(failsafe, OK)], ["stable", "open", "refused"]);
    clock.advance(1000);
    assertEquals(stateOf(other), "open");
  }));

Deno.test("Failsafe warns once on a full disk", () =>
  inTempDir(async (folder) => {
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      () => new Response(null, { status: 500 }),
    );
    const task = { folder, url: `http://127.0.0.1:${server.addr.port}/`, calls: 12, aheadMs: 0 };
    const report = await runCaller(task, { isDiskFull: true });
    assertEquals(report.permits.slice(-3), ["allowed", "refused", "refused"]);
    assertEquals(report.events.length, 2);
    assertEquals(report.warnings.length, 1);
    assertStringIncludes(report.warnings[0]!, "Cannot write");
  }));

Deno.test("Failsafe warns if the folder is unusable, and works in memory", () =>
  inTempDir(async (folder) => {
    await Deno.writeTextFile(join(folder, "file"), "");
    const { open, warnings } = sharing(join(folder, "file", "state"));
    await using failsafe = await open();
    for (let i = 0; i < 10; i++) call(failsafe, FAILED);
    assertEquals(call(failsafe, OK), "refused");
    assert(warnings.length > 0 && warnings.length <= 2, warnings.join("\n"));
  }));

Deno.test("Failsafe reports one opened event for sixteen workers that fail at once, in one process or sixteen", () =>
  inTempDir(async (folder) => {
    const { events, open } = sharing(folder);
    await using alone = await open();
    const permits = Array.from({ length: 16 }, () => alone.admit("alone"));
    await Promise.all(permits.map((permit) => Promise.resolve().then(() => permit.finish(FAILED))));
    assertEquals(events.filter((event) => event.to === "open").length, 1);
    await using many = new AsyncDisposableStack();
    const all = await Promise.all(Array.from({ length: 16 }, () => open()));
    for (const each of all) many.use(each);
    const admitted = all.flatMap((each) => Array.from({ length: 10 }, () => each.admit("shared")));
    for (const permit of admitted) permit.finish(FAILED);
    const opened = events.filter((event) => event.type === "breaker" && event.key === "shared");
    assertEquals(opened.map((event) => event.to), ["open"]);
    assertEquals(events.map((event) => event.id), events.map((_, index) => index + 1));
  }));

Deno.test("Failsafe reports one opened event for four real processes that fail together", () =>
  inTempDir(async (folder) => {
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      () => new Response(null, { status: 500 }),
    );
    const task = { folder, url: `http://127.0.0.1:${server.addr.port}/`, calls: 12, aheadMs: 0 };
    const reports = await Promise.all(Array.from({ length: 4 }, () => runCaller(task)));
    const opened = reports.flatMap((report) => report.events).filter((event) => event.endsWith("closed open"));
    assertEquals(opened.length, 1);
    assert(reports.every((report) => report.permits.at(-1) === "refused" && report.warnings.length === 0));
  }));

Deno.test("Failsafe shares counts: five calls in each of two processes open a breaker", () =>
  inTempDir(async (folder) => {
    const { clock, open } = sharing(folder);
    await using here = await open();
    await using there = await open();
    for (let i = 0; i < 4; i++) call(here, FAILED);
    clock.advance(1000);
    assertEquals(call(here, { type: "failed", failure: "gone" }), "allowed");
    for (let i = 0; i < 4; i++) call(there, FAILED);
    assertEquals(stateOf(there), "closed");
    clock.advance(10_000);
    call(there, FAILED);
    assertEquals(stateOf(there), "open");
  }));

Deno.test("Failsafe shares transitions within a quarter of a second, and probes", () =>
  inTempDir(async (folder) => {
    const { clock, events, open } = sharing(folder);
    await using here = await open();
    await using there = await open();
    for (let i = 0; i < 10; i++) call(here, FAILED);
    clock.advance(250);
    assertEquals(call(there, OK), "refused");
    clock.advance(10_000);
    const probes = [here, there, here, there].map((each) => each.admit("host"));
    assertEquals(probes.map((probe) => probe.type), ["probe", "probe", "probe", "refused"]);
    for (const probe of probes.slice(0, 2)) probe.finish(OK);
    clock.advance(250);
    assertEquals([stateOf(here), stateOf(there)], ["closed", "closed"]);
    assertEquals(events.filter((event) => event.type === "breaker").map((event) => event.to), [
      ...["open", "half-open", "closed"],
    ]);
  }));

Deno.test("Failsafe reports an event of a killed process in the next one, under the same number", () =>
  inTempDir(async (folder) => {
    const { clock, events, open } = sharing(folder);
    {
      await using failsafe = await open();
      for (let i = 0; i < 10; i++) call(failsafe, FAILED);
    }
    assertEquals(events.map((event) => event.id), [1, 2]);
    // As if it had been killed between writing and reporting.
    await Deno.writeTextFile(join(folder, "failsafe.lock"), "000000000000000\n");
    await using next = await open();
    assertEquals(events.map((event) => event.id), [1, 2, 1, 2]);
    clock.advance(10_000);
    call(next, OK);
    assertEquals(events.map((event) => event.id), [1, 2, 1, 2, 3]);
  }));

Deno.test("Failsafe waits once for a lock that is never released, and catches up later", () =>
  inTempDir(async (folder) => {
    const { clock, events, open } = sharing(folder);
    await using failsafe = await open({ lockWaitMs: 1 });
    for (let i = 0; i < 10; i++) call(failsafe, FAILED);
    clock.advance(10_000);
    const probes = [failsafe.admit("host"), failsafe.admit("host")];
    {
      using lock = await Deno.open(join(folder, "failsafe.lock"), { write: true });
      await lock.lock(true);
      for (const probe of probes) probe.finish(OK);
      assertEquals([stateOf(failsafe), call(failsafe, OK)], ["half-open", "refused"]);
    }
    clock.advance(250);
    assertEquals([call(failsafe, OK), stateOf(failsafe)], ["allowed", "closed"]);
    assertEquals(events.at(-1)!.to, "closed");
  }));

Deno.test("Failsafe leaves an event to the next process that has an observer", () =>
  inTempDir(async (folder) => {
    const { clock, events, open } = sharing(folder);
    await using watching = await open();
    {
      await using silent = await open({ onEvent: undefined });
      silent.hold("stable");
      silent.trip("host");
    }
    assertEquals(events, []);
    clock.advance(250);
    assertEquals(watching.mode, "stable");
    assertEquals(events.map(({ id, to }) => `${id} ${to}`), ["1 stable", "2 open"]);
    clock.advance(250);
    assertEquals([watching.admit("host").type, events.length], ["refused", 2]);
  }));

Deno.test("Failsafe warns if an observer throws, and defers requests made during a report", () =>
  inTempDir(async (folder) => {
    const { open, warnings } = sharing(folder);
    const told: string[] = [];
    await using failsafe = await open({
      onEvent: (event) => {
        told.push(`${event.to} ${failsafe.admit("host").type}`);
        throw new Error("no line to the outside");
      },
    });
    for (let i = 0; i < 10; i++) call(failsafe, FAILED);
    assertEquals(told, ["open refused", "parallel refused"]);
    assertEquals(warnings, [
      "Cannot report a breaker event: no line to the outside",
      "Cannot report a mode event: no line to the outside",
    ]);
  }));

Deno.test("Failsafe reports that an observer must not change it", () =>
  inTempDir(async (folder) => {
    const { open, warnings } = sharing(folder);
    await using failsafe = await open({ onEvent: () => failsafe.hold("stable") });
    failsafe.trip("host");
    assertEquals(warnings, ["Cannot report a breaker event: Cannot change the failsafe: its own onEvent called"]);
  }));

/** Every place in a document, as a list of keys. */
function* placesOf(value: unknown, at: readonly string[] = []): Generator<readonly string[]> {
  if (at.length > 0) yield at;
  if (typeof value !== "object" || value === null) return;
  // One entry of a long list is enough.
  const entries = Array.isArray(value) ? Object.entries(value).slice(0, 1) : Object.entries(value);
  for (const [name, inner] of entries) yield* placesOf(inner, [...at, name]);
}

function withValue(document: unknown, place: readonly string[], value: unknown): unknown {
  let inner = document as Record<string, unknown>;
  for (const name of place.slice(0, -1)) inner = inner[name] as Record<string, unknown>;
  inner[place.at(-1)!] = value;
  return document;
}

Deno.test("Failsafe takes no step without steering, but ends an expired hold", () =>
  inTempDir(async (folder) => {
    const { open, clock } = sharing(folder);
    await using working = await open({ movesMode: () => false });
    for (let i = 0; i < 10; i++) call(working, FAILED);
    await using looking = await open({ steers: false });
    assertEquals([stateOf(looking), looking.mode], ["open", "turbo"]);
    clock.advance(400_000);
    assertEquals(looking.status().mode.name, "turbo");
    looking.hold("stable", { forMs: 1000 });
    assertEquals(looking.mode, "stable");
    clock.advance(1000);
    assertEquals([looking.status().mode.name, looking.status().mode.hold], ["turbo", null]);
  }));
