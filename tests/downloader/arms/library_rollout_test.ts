import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { acquireLock } from "../../../lib/base/mod.ts";
import { type DownloadEvent, openLibraryRollout, type RunRollout } from "../../../lib/downloader/mod.ts";
import { ItemMeasurement } from "../../../lib/downloader/arms/_item_measurement.ts";
import { type FailureClass, FailureError } from "../../../lib/failsafe/mod.ts";
import { RolloutStore } from "../../../lib/rollout/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { USUAL } from "../../rollout/_plans.ts";

const FILE = { kind: "file", versionId: 2, fileId: 2 } as const;

interface Opened {
  readonly rollout: RunRollout;
  readonly store: RolloutStore;
  readonly clock: FakeClock;
  readonly events: DownloadEvent[];
  readonly warnings: string[];
  readonly folder: string;
}

/** Open the rollout of a library at 10 %. `2:2` is in its canary: bucket 78 with the salt "turbo". */
function withOpened(test: (opened: Opened) => Promise<void>): Promise<void> {
  return inTempDir(async (root) => {
    const clock = new FakeClock();
    const folder = join(root, ".civitai-dl", "state");
    const store = new RolloutStore(folder, { command: "rollout", clock });
    await store.request({ type: "start", plan: { ...USUAL, salt: "turbo" } });
    const events: DownloadEvent[] = [];
    const warnings: string[] = [];
    await using rollout = await openLibraryRollout({ root }, {
      command: "download",
      clock,
      onEvent: (event) => event.type === "rollout" && event.action === "follow" ? 0 : events.push(event),
      onWarning: (message) => warnings.push(message),
    });
    await test({ rollout: rollout!, store, clock, events, warnings, folder });
  });
}

Deno.test("openLibraryRollout() returns nothing without a rollout, and after its end", () =>
  inTempDir(async (root) => {
    const open = () => openLibraryRollout({ root }, { command: "test", onEvent() {}, onWarning() {} });
    assertEquals(await open(), undefined);
    const store = new RolloutStore(join(root, ".civitai-dl", "state"), { command: "test" });
    await store.request({ type: "start", plan: USUAL });
    await store.request({ type: "abort" });
    await store.request({ type: "end" });
    assertEquals(await open(), undefined);
  }));

Deno.test("decide() gives canary files the new profile, and everything else the stable one", () =>
  withOpened(async ({ rollout }) => {
    const canary = await rollout.decide(FILE, [], false);
    assertEquals([canary?.arm, canary?.profile, canary?.isMeasured], ["canary", "turbo", true]);
    const rest = await rollout.decide({ ...FILE, versionId: 1, fileId: 1 }, [], false);
    assertEquals([rest?.arm, rest?.profile, rest?.isMeasured], ["rest", "stable", false]);
    assertEquals((await rollout.decide({ ...FILE, kind: "gallery" }, [], false))?.arm, "rest");
  }));

Deno.test("decide() keeps the arm of a part that this attempt began, and forgets that of another attempt", () =>
  withOpened(async ({ rollout, store }) => {
    const { attempt } = await store.read();
    const begun = { by: attempt, group: "rest", profile: "stable", fromBytes: 0 };
    assertEquals((await rollout.decide(FILE, [begun], false))?.arm, "rest");
    assertEquals((await rollout.decide(FILE, [{ ...begun, by: "other-1" }], false))?.arm, "canary");
  }));

Deno.test("decide() gives the last try of a run to the stable engine, uncounted, unless the rollout is completed", () =>
  withOpened(async ({ rollout, store, clock }) => {
    const last = await rollout.decide(FILE, [], true);
    assertEquals([last?.arm, last?.profile, last?.isMeasured], ["rest", "stable", false]);
    await store.request({ type: "set-weight", percentage: 100, override: "test" });
    clock.advance(1000);
    await rollout.decide(FILE, [], true);
    assertEquals((await rollout.decide(FILE, [], true))?.arm, "canary");
  }));

Deno.test("decide() follows what another process changes, and tells it once", () =>
  withOpened(async ({ rollout, store, events }) => {
    const decision = await rollout.decide(FILE, [], false);
    using use = rollout.begin(decision!);
    await store.request({ type: "abort", reason: "test" });
    // The change is read in the background; the decision after it waits for that.
    await rollout.decide(FILE, [], false);
    assertEquals((await rollout.decide(FILE, [], false))?.profile, "stable");
    assert(use.signal.aborted);
    assertEquals(events.map((event) => event.type === "rollout" && [event.action, event.to]), [["abort", "degraded"]]);
  }));

Deno.test("decide() ends a pause that is over", () =>
  withOpened(async ({ rollout, store, clock }) => {
    const attempt = (await store.read()).attempt;
    await store.request({ type: "promote", override: "test" });
    clock.advance(59 * 60_000);
    await rollout.decide(FILE, [], false);
    assertEquals((await store.read()).weight, 10);
    clock.advance(2 * 60_000);
    await rollout.decide(FILE, [], false);
    await rollout.decide(FILE, [], false);
    assertEquals([(await store.read()).weight, (await store.read()).attempt], [50, attempt]);
  }));

Deno.test("record() aborts after two failures of two, and each is one event", () =>
  withOpened(async ({ rollout, store, events }) => {
    const decision = (await rollout.decide(FILE, [], false))!;
    for (let download = 0; download < 3; download++) await rollout.record(decision, { type: "error" });
    assertEquals((await store.read()).state, "degraded");
    assertEquals(events.length, 1);
  }));

Deno.test("record() keeps downloads while the state is locked, and writes them later", () =>
  withOpened(async ({ rollout, store, folder, warnings }) => {
    const decision = (await rollout.decide(FILE, [], false))!;
    {
      using _lock = await acquireLock(join(folder, "rollout.lock"), { command: "rollout" });
      await rollout.record(decision, { type: "ok" });
    }
    assertEquals([(await store.read()).arms.canary.ok, warnings.length], [0, 1]);
    await rollout.record(decision, { type: "ok" });
    assertEquals((await store.read()).arms.canary.ok, 2);
  }));

Deno.test("ItemMeasurement tells failures of the engine from those of the file", () => {
  const item = { key: "k", kind: "file", path: "a", creator: null, modelId: 1, versionId: 1, fileId: 1 } as const;
  const outcomeOf = (failure: FailureClass, refusedBy?: string) => {
    const measurement = new ItemMeasurement();
    measurement.fail(new FailureError(failure, "x", { refusedBy }));
    return measurement.conclude()?.type ?? null;
  };
  for (const failure of ["server", "connection", "dns", "tls"] as const) assertEquals(outcomeOf(failure), "error");
  for (const failure of ["timeout", "stall"] as const) assertEquals(outcomeOf(failure), "timeout");
  for (const failure of ["gone", "login", "early-access", "throttled", "disk", "integrity"] as const) {
    assertEquals(outcomeOf(failure), null);
  }
  assertEquals(outcomeOf("server", "b2.civitai.com"), null);
  const done = new ItemMeasurement();
  done.note({ type: "start", item, host: null, totalBytes: 3000, resumedBytes: 0 });
  assertEquals(done.conclude(), null);
  done.note({ type: "bytes", key: "k", count: 3000 });
  assertEquals(done.conclude(), { type: "ok" });
  done.note({ type: "retry", item, host: null, attempt: 1, waitMs: 0, failure: "stall" });
  assertEquals(done.conclude(), { type: "timeout" });
  done.note({ type: "retry", item, host: null, attempt: 1, waitMs: 0, failure: "integrity" });
  assertEquals(done.conclude(), { type: "integrity" });
  assertEquals(new ItemMeasurement().conclude(), null);
});
