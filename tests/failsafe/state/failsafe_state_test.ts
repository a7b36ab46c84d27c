import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "node:path";
import { KitError, seededRandom } from "../../../lib/base/mod.ts";
import { type CallOutcome, Failsafe, type FailsafeEvent, type FailsafeOptions } from "../../../lib/failsafe/mod.ts";
import { failTenTimes } from "../../helpers/fail_ten_times.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { runCaller } from "../_caller.ts";

const OK: CallOutcome = { type: "ok", durationMs: 50 };
const FAILED: CallOutcome = { type: "failed", failure: "server" };

/** Opens a failsafe in a folder; all of them have the same clock and lists of events and warnings. */
function inFolder(folder: string) {
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
  const admission = failsafe.admit("host");
  admission.finish(outcome);
  return admission.type;
}

function stateOf(failsafe: Failsafe): string | undefined {
  return failsafe.status().breakers.find(({ key }) => key === "host")?.state;
}

Deno.test("Failsafe keeps an open breaker: the next process sends no request at +5 s, a third probes at +10 s", () =>
  inTempDir(async (folder) => {
    let requests = 0;
    await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
      requests++;
      return new Response(null, { status: requests > 10 ? 204 : 500 });
    });
    const task = { folder, url: `http://127.0.0.1:${server.addr.port}/` };
    const first = await runCaller({ ...task, calls: 11, aheadMs: 0, stepMs: 1200 });
    assertEquals([requests, first.admissions.at(-1)], [10, "refused"]);
    assertEquals(first.events, ["closed open", "turbo parallel"]);
    const second = await runCaller({ ...task, calls: 3, aheadMs: 17_000, stepMs: 0 });
    assertEquals([requests, second.admissions, second.events], [10, ["refused", "refused", "refused"], []]);
    assert(second.retryInMs > 0 && second.retryInMs <= 5000, `${second.retryInMs}`);
    const third = await runCaller({ ...task, calls: 3, aheadMs: 22_000, stepMs: 0 });
    assertEquals([requests, third.admissions], [13, ["probe", "probe", "allowed"]]);
    assertEquals(third.events, ["open half-open", "half-open closed"]);
  }));

Deno.test("Failsafe moves an unreadable state aside with a warning and closes all breakers", () =>
  inTempDir(async (folder) => {
    const { open, path, warnings } = inFolder(folder);
    const text = '{"schema":"other","version":1}';
    await Deno.writeTextFile(path, text);
    await using failsafe = await open();
    assertEquals(failsafe.admit("host").type, "allowed");
    assertEquals(warnings.length, 1);
    assertStringIncludes(warnings[0]!, `moved to "${path}.corrupt", and all breakers start closed`);
    assertEquals(await Deno.readTextFile(`${path}.corrupt`), text);
  }));

Deno.test("Failsafe moves a state with any missing or invalid field aside", () =>
  inTempDir(async (folder) => {
    const { clock, open, path } = inFolder(folder);
    {
      await using failsafe = await open();
      failTenTimes(failsafe, clock);
      clock.advance(10_000);
      failsafe.admit("host");
      failsafe.hold("stable", { forMs: 1000 });
    }
    const good = await Deno.readTextFile(path);
    assertEquals(JSON.parse(good).version, 1);
    let count = 0;
    for (const place of placesOf(JSON.parse(good))) {
      for (const value of [undefined, {}, -1, "x"]) {
        const text = JSON.stringify(withValue(JSON.parse(good), place, value));
        const { open, warnings } = inFolder(folder);
        await Deno.writeTextFile(path, text);
        await using failsafe = await open();
        assert(["probe", "refused", "allowed"].includes(failsafe.admit("host").type));
        assert(warnings.every((warning) => warning.includes("Cannot read")), `${place}: ${warnings}`);
        count += warnings.length;
      }
    }
    assert(count > 100, `${count} variants were refused`);
  }));

Deno.test("Failsafe refuses a pipe in place of its state and does not wait for it", {
  ignore: Deno.build.os === "windows",
}, () =>
  inTempDir(async (folder) => {
    const { open, path } = inFolder(folder);
    await new Deno.Command("mkfifo", { args: [path] }).output();
    const error = await assertRejects(() => open(), KitError, "a device or a pipe is in its place");
    assertEquals(error.code, "unsafe");
  }));

Deno.test("Failsafe warns once if it cannot write, and keeps its history in memory until it can", () =>
  inTempDir(async (folder) => {
    const { clock, events, open, path, warnings } = inFolder(folder);
    await using failsafe = await open();
    call(failsafe, OK);
    clock.advance(10_000);
    const temporary = `${path}.civitai-dl.tmp`;
    await Deno.mkdir(join(temporary, "in the way"), { recursive: true });
    failTenTimes(failsafe, clock);
    assertEquals([stateOf(failsafe), events.length, warnings.length], ["open", 2, 1]);
    assertStringIncludes(warnings[0]!, `Cannot write "${path}"`);
    clock.advance(10_000);
    assertEquals([call(failsafe, OK), warnings.length], ["probe", 1]);
    await Deno.remove(temporary, { recursive: true });
    assertEquals([call(failsafe, OK), stateOf(failsafe)], ["probe", "closed"]);
    assertEquals(JSON.parse(await Deno.readTextFile(path)).breakers.host.record.state, "closed");
  }));

Deno.test("Failsafe warns once on a full disk", () =>
  inTempDir(async (folder) => {
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      () => new Response(null, { status: 500 }),
    );
    const task = { folder, url: `http://127.0.0.1:${server.addr.port}/`, calls: 12, aheadMs: 0, stepMs: 1200 };
    const report = await runCaller(task, { isDiskFull: true });
    assertEquals(report.admissions.slice(-3), ["allowed", "refused", "refused"]);
    assertEquals(report.events.length, 2);
    assertEquals(report.warnings.length, 1);
    assertStringIncludes(report.warnings[0]!, "Cannot write");
  }));

Deno.test("Failsafe warns if the folder is unusable, and works in memory", () =>
  inTempDir(async (folder) => {
    await Deno.writeTextFile(join(folder, "file"), "");
    const { clock, open, warnings } = inFolder(join(folder, "file", "state"));
    await using failsafe = await open();
    failTenTimes(failsafe, clock);
    assertEquals(call(failsafe, OK), "refused");
    assert(warnings.length > 0 && warnings.length <= 3, warnings.join("\n"));
  }));

Deno.test("Failsafe reports one opened event for sixteen workers that fail at once", () =>
  inTempDir(async (folder) => {
    const { clock, events, open } = inFolder(folder);
    await using alone = await open();
    alone.admit("alone").finish(FAILED);
    clock.advance(10_000);
    const admissions = Array.from({ length: 16 }, () => alone.admit("alone"));
    await Promise.all(admissions.map((admission) => Promise.resolve().then(() => admission.finish(FAILED))));
    assertEquals(events.filter((event) => event.to === "open").length, 1);
  }));

Deno.test("Failsafe frees the places of probes whose process was killed", () =>
  inTempDir(async (folder) => {
    const { clock, open } = inFolder(folder);
    const killed = await open();
    failTenTimes(killed, clock);
    clock.advance(10_000);
    for (let i = 0; i < 3; i++) killed.admit("host");
    assertEquals(killed.admit("host").type, "refused");
    clock.advance(1000);
    killed.admit("host");
    await using next = await open();
    assertEquals([call(next, OK), call(next, OK), stateOf(next)], ["probe", "probe", "closed"]);
  }));

Deno.test("Failsafe applies the requests of other processes within a quarter of a second, and reports them", () =>
  inTempDir(async (folder) => {
    const { clock, events, open, warnings } = inFolder(folder);
    await using failsafe = await open();
    Failsafe.request(folder, { type: "hold", mode: "stable" }, { clock });
    clock.advance(1);
    Failsafe.request(folder, { type: "trip", key: "host" }, { clock });
    clock.advance(250);
    assertEquals([failsafe.mode, failsafe.admit("host").type], ["stable", "refused"]);
    assertEquals(events.map(({ to }) => to), ["stable", "open"]);
    Failsafe.request(folder, { type: "release" }, { clock });
    clock.advance(1);
    Failsafe.request(folder, { type: "reset" }, { clock });
    clock.advance(250);
    assertEquals([failsafe.mode, stateOf(failsafe), warnings], ["turbo", "closed", []]);
    assertEquals(await namesIn(join(folder, "failsafe-requests")), []);
  }));

Deno.test("Failsafe.peek shows requests that no process has applied, and changes nothing", () =>
  inTempDir(async (folder) => {
    const { clock, open } = inFolder(folder);
    assertEquals(Failsafe.peek(folder, { clock }), null);
    Failsafe.request(folder, { type: "hold", mode: "stable", forMs: 1000 }, { clock });
    const names = await namesIn(join(folder, "failsafe-requests"));
    assertEquals(Failsafe.peek(folder, { clock })?.mode.name, "stable");
    clock.advance(1000);
    const { mode } = Failsafe.peek(folder, { clock })!;
    assertEquals([mode.name, mode.hold], ["turbo", null]);
    assertEquals(await namesIn(join(folder, "failsafe-requests")), names);
    await using failsafe = await open();
    assertEquals([failsafe.mode, failsafe.status().events.map(({ to }) => to)], ["turbo", ["stable", "turbo"]]);
  }));

Deno.test("a request counts from its own time, however late a process applies it", () =>
  inTempDir(async (folder) => {
    const { clock, open } = inFolder(folder);
    Failsafe.request(folder, { type: "trip", key: "host", forMs: 600_000 }, { clock });
    clock.advance(400_000);
    await using failsafe = await open();
    assertEquals(failsafe.admit("host").retryInMs, 200_000);
  }));

Deno.test("Failsafe moves a request that it cannot read aside with a warning, and leaves other files alone", () =>
  inTempDir(async (folder) => {
    const { clock, open, warnings } = inFolder(folder);
    await using failsafe = await open();
    const requests = join(folder, "failsafe-requests");
    const name = `${"1".padStart(15, "0")}-${crypto.randomUUID()}.json`;
    await Deno.mkdir(requests);
    await Deno.writeTextFile(join(requests, name), "{");
    await Deno.writeTextFile(join(requests, "note.txt"), "mine");
    Failsafe.request(folder, { type: "hold", mode: "sideways" }, { clock });
    clock.advance(250);
    assertEquals(failsafe.mode, "turbo");
    assertEquals(await namesIn(requests), [`${name}.corrupt`, "note.txt"]);
    assertEquals(warnings.length, 2);
    assertStringIncludes(warnings[0]!, `Cannot read "${join(requests, name)}"`);
    assertStringIncludes(warnings[1]!, 'Cannot hold "sideways"');
  }));

Deno.test("Failsafe.request says that nothing can be written", () =>
  inTempDir(async (folder) => {
    await Deno.writeTextFile(join(folder, "failsafe-requests"), "");
    const error = assertThrows(() => Failsafe.request(folder, { type: "release" }), KitError);
    assertStringIncludes(error.message, "it is a file");
  }));

Deno.test("Failsafe warns if an observer throws, and answers what the observer asks", () =>
  inTempDir(async (folder) => {
    const { clock, open, warnings } = inFolder(folder);
    const told: string[] = [];
    await using failsafe = await open({
      onEvent: (event) => {
        told.push(`${event.to} ${failsafe.admit("host").type}`);
        throw new Error("no line to the outside");
      },
    });
    failTenTimes(failsafe, clock);
    assertEquals(told, ["open refused", "parallel refused"]);
    assertEquals(warnings, [
      "Cannot report a breaker event: no line to the outside",
      "Cannot report a mode event: no line to the outside",
    ]);
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

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).toSorted();
}
