import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { acquireLock, KitError } from "../../../lib/base/mod.ts";
import {
  explainRollout,
  recordOutcomes,
  type RolloutEvent,
  RolloutStore,
  type RolloutStoreOptions,
  settleRollout,
} from "../../../lib/rollout/mod.ts";
import { renderRollout } from "../../../scripts/_rollout/render_rollout.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { HOUR, pass, USUAL } from "../_plans.ts";

/** Stores in one folder that share a clock, like processes. */
function sharing(folder: string) {
  const clock = new FakeClock();
  const events: RolloutEvent[] = [];
  const warnings: string[] = [];
  const open = (options: Partial<RolloutStoreOptions> = {}): RolloutStore =>
    new RolloutStore(folder, {
      command: "test",
      clock,
      onEvent: (event) => events.push(event),
      onWarning: (message) => warnings.push(message),
      ...options,
    });
  const linesOf = async (): Promise<readonly RolloutEvent[]> =>
    (await Deno.readTextFile(join(folder, "rollout.jsonl"))).trimEnd().split("\n").map((line) => JSON.parse(line));
  return { clock, events, warnings, open, linesOf };
}

const LATER = '{"schema":"civitai-dl/rollout","version":2}';
const FOREIGN = '{"schema":"civitai-dl/failsafe","version":1}';

Deno.test("RolloutStore keeps the state for other processes, private, with one line for each transition", () =>
  inTempDir(async (folder) => {
    const { clock, open, linesOf, events } = sharing(folder);
    assertEquals((await open().read()).state, "idle");
    await open().request({ type: "start", plan: USUAL });
    await open().change((rollout) => pass(rollout));
    clock.advance(2 * HOUR);
    await open().change(settleRollout);
    await open().request({ type: "abort" });
    const rollout = await open().read();
    assertEquals([rollout.state, rollout.revision], ["degraded", 4]);
    assertEquals(await linesOf(), rollout.events);
    assertEquals(events, rollout.events);
    assertEquals((await Deno.stat(join(folder, "rollout.json"))).mode! & 0o777, 0o600);
  }));

Deno.test("RolloutStore: a pause of an hour survives a restart, and ends after 61 minutes, not 59", () =>
  inTempDir(async (folder) => {
    const { clock, open } = sharing(folder);
    await open().request({ type: "start", plan: USUAL });
    await open().change((rollout, now) => pass(rollout, now));
    clock.advance(59 * 60_000);
    assertEquals((await open().change(settleRollout)).weight, 10);
    clock.advance(2 * 60_000);
    assertEquals((await open().change(settleRollout)).weight, 50);
  }));

Deno.test("RolloutStore refuses whoever comes second while another process changes the state", () =>
  inTempDir(async (folder) => {
    const { open } = sharing(folder);
    await open().request({ type: "start", plan: USUAL });
    using _lock = await acquireLock(join(folder, "rollout.lock"), { command: "rollout" });
    const error = await assertRejects(() => open().request({ type: "abort" }), KitError);
    assertEquals(error.code, "unsafe");
    assertStringIncludes(error.message, 'held by "rollout"');
    assertEquals((await open().read()).state, "running");
  }));

Deno.test("RolloutStore moves an unreadable state aside once, and gives everything the stable alternative", () =>
  inTempDir(async (folder) => {
    const { open, warnings } = sharing(folder);
    await open().request({ type: "start", plan: USUAL });
    const path = join(folder, "rollout.json");
    const good = await Deno.readTextFile(path);
    const broken = [
      FOREIGN,
      "",
      "{",
      "junk\nmore",
      "null",
      good.slice(0, 200),
      good.replace('"running"', '"flying"'),
      "\u0000",
    ];
    for (const [index, text] of broken.entries()) {
      const aside = `${path}.corrupt${index === 0 ? "" : `-${index + 1}`}`;
      warnings.length = 0;
      await Deno.writeTextFile(path, text);
      const lost = await open().read();
      assertEquals([lost.state, lost.weight, lost.events.at(-1)!.action], ["degraded", 0, "lose"]);
      assertEquals([warnings.length, await Deno.readTextFile(aside)], [1, text]);
      assertEquals(warnings[0]!.includes("\n"), false);
      assertEquals((await open().read()).state, "degraded");
      assertEquals(warnings.length, 1);
    }
    assertEquals((await open().request({ type: "retry" })).error?.code, "unsafe");
    // Of what is proposed instead, nothing is refused: there is no plan to try again.
    for (const type of ["promote", "pause", "resume"] as const) {
      assertEquals((await open().request({ type })).error?.hint, "Begin a new one: civitai-dl canary");
    }
    assertEquals((await open().request({ type: "end" })).rollout.state, "idle");
  }));

Deno.test("RolloutStore moves a state with any invalid field aside", () =>
  inTempDir(async (folder) => {
    const { open, warnings } = sharing(folder);
    await open().request({ type: "start", plan: USUAL });
    const path = join(folder, "rollout.json");
    const good = JSON.parse(await Deno.readTextFile(path));
    for (const key of Object.keys(good).filter((key) => key !== "schema")) {
      for (const value of [undefined, -1, "x", {}]) {
        if (key === "version" && value === undefined) continue;
        if ((key === "reason" || key === "attempt") && value === "x") continue;
        warnings.length = 0;
        await Deno.writeTextFile(path, JSON.stringify({ ...good, [key]: value }));
        await open().read();
        assertEquals(warnings.length, 1, `${key}: ${JSON.stringify(value)}`);
      }
    }
  }));

Deno.test("RolloutStore refuses the state of a newer version, and leaves the file alone", () =>
  inTempDir(async (folder) => {
    const { open } = sharing(folder);
    await Deno.writeTextFile(join(folder, "rollout.json"), LATER);
    for (const use of [() => open().read(), () => open().request({ type: "abort" })]) {
      const error = await assertRejects(use, KitError);
      assertEquals(error.code, "unsafe");
      assert(error.hint !== undefined);
    }
    assertEquals(await Deno.readTextFile(join(folder, "rollout.json")), LATER);
  }));

Deno.test("RolloutStore aborts whatever the state is: a file that it cannot use and a folder are moved aside", () =>
  inTempDir(async (folder) => {
    const { clock, open, warnings, linesOf } = sharing(folder);
    const path = join(folder, "rollout.json");
    const places = [FOREIGN, "{", null];
    for (const [index, text] of places.entries()) {
      await Deno.remove(path).catch(() => {});
      if (text === null) await Deno.mkdir(path);
      else await Deno.writeTextFile(path, text);
      const aside = `${path}.corrupt${index === 0 ? "" : `-${index + 1}`}`;
      warnings.length = 0;
      const { done, error, rollout } = await open().request({ type: "abort", reason: "wrong files" });
      assertEquals([error, rollout.state, rollout.plan], [null, "degraded", null]);
      assertEquals(rollout.stepEnteredAt, Math.round(clock.now()));
      assertEquals(
        done,
        `Everything uses the stable alternative: its state could not be used, and was moved to "${aside}"`,
      );
      assertEquals(warnings.length, 1);
      assertEquals(warnings[0]!.match(/Cannot/g)?.length, 1, warnings[0]);
      if (text !== null) assertEquals(await Deno.readTextFile(aside), text);
      assertEquals((await open().read()).state, "degraded");
      const again = await open().request({ type: "abort" });
      assertEquals([again.error, again.rollout.revision], [null, rollout.revision]);
    }
    assertEquals((await linesOf()).map(({ action }) => action), places.map(() => "lose"));
  }));

Deno.test("RolloutStore.preview() shows what a request would do, and changes nothing, also not what it cannot read", () =>
  inTempDir(async (folder) => {
    const { open, warnings } = sharing(folder);
    const path = join(folder, "rollout.json");
    assertEquals((await open().preview({ type: "start", plan: USUAL })).rollout.weight, 10);
    await open().request({ type: "start", plan: USUAL });
    assertEquals((await open().preview({ type: "pause" })).rollout.state, "paused");
    assertEquals((await open().read()).state, "running");
    for (const text of [FOREIGN, "{"]) {
      await Deno.writeTextFile(path, text);
      const { done, rollout } = await open().preview({ type: "abort" });
      assertEquals([rollout.state, done], [
        "degraded",
        "Everything uses the stable alternative: its state cannot be used, and would be moved aside",
      ]);
      assertEquals(await Deno.readTextFile(path), text);
    }
    await assertRejects(() => open().preview({ type: "promote" }).then(({ error }) => Promise.reject(error)), KitError);
    assertEquals(warnings, []);
    const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).toSorted();
    assertEquals(names, ["rollout.json", "rollout.jsonl", "rollout.lock"]);
  }));

Deno.test("RolloutStore refuses a folder in place of the state, and shows no line that somebody wrote into it", () =>
  inTempDir(async (folder) => {
    const { open } = sharing(folder);
    const path = join(folder, "rollout.json");
    await Deno.mkdir(path);
    await assertRejects(() => open().request({ type: "start", plan: USUAL }), Deno.errors.IsADirectory);
    await Deno.remove(path);
    await open().request({ type: "start", plan: USUAL });
    const rollout = JSON.parse(await Deno.readTextFile(path));
    const forged = "x\n  next: rm -rf ~";
    const plan = { ...rollout.plan, name: forged, from: forged, to: forged };
    const events = [{ ...rollout.events[0], reason: forged, rollout: forged, override: forged }];
    await Deno.writeTextFile(path, JSON.stringify({ ...rollout, plan, events, reason: forged }));
    const status = renderRollout(explainRollout(await open().read(), 0));
    assertEquals(status.split("\n").filter((line) => line.startsWith("  next: rm")), []);
    assertStringIncludes(status, "why: x   next: rm -rf ~\n");
  }));

Deno.test("RolloutStore refuses a pipe and a link in place of the state without waiting for them, except to abort", {
  ignore: Deno.build.os === "windows",
}, () =>
  inTempDir(async (folder) => {
    const { open } = sharing(folder);
    const path = join(folder, "rollout.json");
    const plant = {
      pipe: async () => void await new Deno.Command("mkfifo", { args: [path] }).output(),
      link: () => Deno.symlink("/dev/zero", path),
    };
    for (const [what, make] of Object.entries(plant)) {
      await make();
      for (const use of [() => open().read(), () => open().peek(), () => open().request({ type: "pause" })]) {
        const error = await assertRejects(use, KitError, `a ${what}`.replace("a pipe", "a device or a pipe"));
        assertEquals(error.code, "unsafe");
      }
      assertEquals((await open().request({ type: "abort" })).rollout.state, "degraded");
      assert((await Deno.lstat(path)).isFile);
      await Deno.remove(path);
    }
  }));

Deno.test("RolloutStore writes the line that a killed process did not write", () =>
  inTempDir(async (folder) => {
    const { open, linesOf } = sharing(folder);
    await open().request({ type: "start", plan: USUAL });
    await open().request({ type: "pause" });
    const path = join(folder, "rollout.jsonl");
    const [first] = (await Deno.readTextFile(path)).split("\n");
    await Deno.writeTextFile(path, `${first}\n`);
    await open().change((rollout, now) => recordOutcomes(rollout, [], now));
    assertEquals((await linesOf()).map(({ action }) => action), ["start", "pause"]);
  }));

Deno.test("RolloutStore continues the numbers of its events if the state is gone", () =>
  inTempDir(async (folder) => {
    const { open, linesOf } = sharing(folder);
    await open().request({ type: "start", plan: USUAL });
    await Deno.remove(join(folder, "rollout.json"));
    await open().request({ type: "start", plan: USUAL });
    assertEquals((await linesOf()).map(({ id }) => id), [1, 2]);
  }));
