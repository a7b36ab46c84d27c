import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { KitError, seededRandom } from "../../../lib/base/mod.ts";
import { type CallOutcome, Failsafe, type FailsafeEvent, type FailsafeOptions } from "../../../lib/failsafe/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { runCaller } from "../_caller.ts";

const OK: CallOutcome = { type: "ok", durationMs: 50 };
const FAILED: CallOutcome = { type: "failed", failure: "server" };

/** Several that share a folder and a clock; what each told and warned of stands in lists that they share. */
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
  const leave = failsafe.admit("host");
  leave.done(outcome);
  return leave.type;
}

function stateOf(failsafe: Failsafe): string | undefined {
  return failsafe.status().breakers.find(({ key }) => key === "host")?.state;
}

Deno.test("F6 one process opens a breaker and ends; another asks nobody at +5 s, a third tries at +10 s", () =>
  inTempDir(async (folder) => {
    let requests = 0;
    await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
      requests++;
      return new Response(null, { status: requests > 10 ? 204 : 500 });
    });
    const task = { folder, url: `http://127.0.0.1:${server.addr.port}/` };
    const first = await runCaller({ ...task, calls: 11, aheadMs: 0 });
    assertEquals([requests, first.leaves.at(-1)], [10, "refused"]);
    assertEquals(first.events, ["1 closed open", "2 turbo parallel"]);
    const second = await runCaller({ ...task, calls: 3, aheadMs: 5000 });
    assertEquals([requests, second.leaves, second.events], [10, ["refused", "refused", "refused"], []]);
    assert(second.retryInMs > 0 && second.retryInMs <= 5000, `${second.retryInMs}`);
    const third = await runCaller({ ...task, calls: 3, aheadMs: 10_000 });
    assertEquals([requests, third.leaves], [13, ["probe", "probe", "allowed"]]);
    assertEquals(third.events, ["3 open half-open", "4 half-open closed"]);
  }));

Deno.test("F6 a state that cannot be read is put aside with a warning, and all is closed", () =>
  inTempDir(async (folder) => {
    const broken = ["", "{", "null", "[]", '{"schema":"other","version":1}', "\u0000\u0001", "x".repeat(1e6)];
    for (const text of broken) {
      const { open, path, warnings } = sharing(folder);
      await Deno.writeTextFile(path, text);
      await using failsafe = await open();
      assertEquals(failsafe.admit("host").type, "allowed");
      assertEquals(warnings.length, 1);
      assertStringIncludes(warnings[0]!, `moved to "${path}.corrupt"`);
      assertEquals(await Deno.readTextFile(`${path}.corrupt`), text);
    }
  }));

Deno.test("a state with any field missing or of another kind is put aside, whichever it is", () =>
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

Deno.test("a state of a newer version is refused and left as it is", () =>
  inTempDir(async (folder) => {
    const { open, path } = sharing(folder);
    const text = '{"schema":"civitai-dl/failsafe","version":2,"news":true}\n';
    await Deno.writeTextFile(path, text);
    const error = await assertRejects(() => open(), KitError, "version 2, this program supports 1");
    assertEquals([error.code, await Deno.readTextFile(path)], ["usage", text]);
  }));

Deno.test("a newer program that takes the state over while we run leaves us on our own, with a warning", () =>
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

Deno.test("a state that cannot be written is one warning; what was learnt stays in memory until there is room", () =>
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

Deno.test("a disk that takes no byte more costs a process a warning, and nothing else", () =>
  inTempDir(async (folder) => {
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      () => new Response(null, { status: 500 }),
    );
    const task = { folder, url: `http://127.0.0.1:${server.addr.port}/`, calls: 12, aheadMs: 0 };
    const report = await runCaller(task, { isDiskFull: true });
    assertEquals(report.leaves.slice(-3), ["allowed", "refused", "refused"]);
    assertEquals(report.events.length, 2);
    assertEquals(report.warnings.length, 1);
    assertStringIncludes(report.warnings[0]!, "Cannot write");
  }));

Deno.test("a folder that cannot be used at all is a warning, and everything stays in memory", () =>
  inTempDir(async (folder) => {
    await Deno.writeTextFile(join(folder, "file"), "");
    const { open, warnings } = sharing(join(folder, "file", "state"));
    await using failsafe = await open();
    for (let i = 0; i < 10; i++) call(failsafe, FAILED);
    assertEquals(call(failsafe, OK), "refused");
    assert(warnings.length > 0 && warnings.length <= 2, warnings.join("\n"));
  }));

Deno.test("F12 sixteen workers that fail in the same tick make one opened event, in one process or in sixteen", () =>
  inTempDir(async (folder) => {
    const { events, open } = sharing(folder);
    await using alone = await open();
    const leaves = Array.from({ length: 16 }, () => alone.admit("alone"));
    await Promise.all(leaves.map((leave) => Promise.resolve().then(() => leave.done(FAILED))));
    assertEquals(events.filter((event) => event.to === "open").length, 1);
    await using many = new AsyncDisposableStack();
    const all = await Promise.all(Array.from({ length: 16 }, () => open()));
    for (const each of all) many.use(each);
    const admitted = all.flatMap((each) => Array.from({ length: 10 }, () => each.admit("shared")));
    for (const leave of admitted) leave.done(FAILED);
    const opened = events.filter((event) => event.type === "breaker" && event.key === "shared");
    assertEquals(opened.map((event) => event.to), ["open"]);
    assertEquals(events.map((event) => event.id), events.map((_, index) => index + 1));
  }));

Deno.test("F12 four real processes that fail side by side make one opened event", () =>
  inTempDir(async (folder) => {
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      () => new Response(null, { status: 500 }),
    );
    const task = { folder, url: `http://127.0.0.1:${server.addr.port}/`, calls: 12, aheadMs: 0 };
    const reports = await Promise.all(Array.from({ length: 4 }, () => runCaller(task)));
    const opened = reports.flatMap((report) => report.events).filter((event) => event.endsWith("closed open"));
    assertEquals(opened.length, 1);
    assert(reports.every((report) => report.leaves.at(-1) === "refused" && report.warnings.length === 0));
  }));

Deno.test("processes share what they counted: five calls here and five there open a breaker", () =>
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

Deno.test("others see a transition within a quarter of a second, and probes are shared", () =>
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
    for (const probe of probes.slice(0, 2)) probe.done(OK);
    clock.advance(250);
    assertEquals([stateOf(here), stateOf(there)], ["closed", "closed"]);
    assertEquals(events.filter((event) => event.type === "breaker").map((event) => event.to), [
      ...["open", "half-open", "closed"],
    ]);
  }));

Deno.test("an event that a killed process wrote and did not tell is told by the next, under the same number", () =>
  inTempDir(async (folder) => {
    const { clock, events, open } = sharing(folder);
    {
      await using failsafe = await open();
      for (let i = 0; i < 10; i++) call(failsafe, FAILED);
    }
    assertEquals(events.map((event) => event.id), [1, 2]);
    // As if it had been killed between writing both and telling them.
    await Deno.writeTextFile(join(folder, "failsafe.lock"), "000000000000000\n");
    await using next = await open();
    assertEquals(events.map((event) => event.id), [1, 2, 1, 2]);
    clock.advance(10_000);
    call(next, OK);
    assertEquals(events.map((event) => event.id), [1, 2, 1, 2, 3]);
  }));

Deno.test("a lock that nobody lets go of makes nobody wait twice; what happened is made up for later", () =>
  inTempDir(async (folder) => {
    const { clock, events, open } = sharing(folder);
    await using failsafe = await open({ lockWaitMs: 1 });
    for (let i = 0; i < 10; i++) call(failsafe, FAILED);
    clock.advance(10_000);
    const probes = [failsafe.admit("host"), failsafe.admit("host")];
    {
      using lock = await Deno.open(join(folder, "failsafe.lock"), { write: true });
      await lock.lock(true);
      for (const probe of probes) probe.done(OK);
      assertEquals([stateOf(failsafe), call(failsafe, OK)], ["half-open", "refused"]);
    }
    clock.advance(250);
    assertEquals([call(failsafe, OK), stateOf(failsafe)], ["allowed", "closed"]);
    assertEquals(events.at(-1)!.to, "closed");
  }));

Deno.test("a process that has nobody to tell leaves it to the next one that has", () =>
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

Deno.test("what an observer throws is a warning, and what it asks for while it is told waits its turn", () =>
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

Deno.test("Failsafe says that an observer must not change it, not that another process does", () =>
  inTempDir(async (folder) => {
    const { open, warnings } = sharing(folder);
    await using failsafe = await open({ onEvent: () => failsafe.hold("stable") });
    failsafe.trip("host");
    assertEquals(warnings, ["Cannot report a breaker event: Cannot change the failsafe: its own onEvent called"]);
  }));

/** Every place in a document, as a list of names. */
function* placesOf(value: unknown, at: readonly string[] = []): Generator<readonly string[]> {
  if (at.length > 0) yield at;
  if (typeof value !== "object" || value === null) return;
  // Of a long list one entry is enough.
  const entries = Array.isArray(value) ? Object.entries(value).slice(0, 1) : Object.entries(value);
  for (const [name, inner] of entries) yield* placesOf(inner, [...at, name]);
}

function withValue(document: unknown, place: readonly string[], value: unknown): unknown {
  let inner = document as Record<string, unknown>;
  for (const name of place.slice(0, -1)) inner = inner[name] as Record<string, unknown>;
  inner[place.at(-1)!] = value;
  return document;
}

Deno.test("Failsafe takes no step where it does not steer, and ends a hold that is over all the same", () =>
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
