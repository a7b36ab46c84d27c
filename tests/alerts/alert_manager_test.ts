import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { type AlertEvent, AlertManager, type Notification, type Receiver } from "../../lib/alerts/mod.ts";
import { FailureError } from "../../lib/failsafe/mod.ts";
import { FakeClock } from "../helpers/fake_clock.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { configOf, FakeSource, HOUR, oneRule, SECOND } from "./_story.ts";

/** A receiver in memory that can be made to fail. */
class MemoryReceiver implements Receiver {
  readonly taken: Notification[] = [];
  tries = 0;
  isDown = false;

  constructor(readonly description: string) {}

  send(notification: Notification): Promise<void> {
    this.tries++;
    if (this.isDown) return Promise.reject(new FailureError("connection", "Cannot notify: refused"));
    this.taken.push(notification);
    return Promise.resolve();
  }
}

interface Place {
  readonly statePath: string;
  readonly source: FakeSource;
  readonly clock: FakeClock;
  readonly a: MemoryReceiver;
  readonly b: MemoryReceiver;
  readonly events: AlertEvent[];
  open(): Promise<AlertManager>;
}

function atPlace(story: (place: Place) => Promise<void>): Promise<void> {
  return inTempDir(async (folder) => {
    const statePath = join(folder, "state", "alerts.json");
    const source = new FakeSource();
    const clock = new FakeClock();
    const events = [] as AlertEvent[];
    const a = new MemoryReceiver("memory:");
    const b = new MemoryReceiver("memory:");
    const open = () =>
      AlertManager.open({
        config: configOf(oneRule()),
        source,
        statePath,
        clock,
        receivers: [a, b],
        onEvent: (event) => events.push(event),
      });
    await story({ statePath, source, clock, a, b, events, open });
  });
}

Deno.test("AlertManager evaluates rules, notifies every receiver and stores what it sent", () =>
  atPlace(async ({ source, clock, a, b, events, open }) => {
    source.readings = { m: 2 };
    const manager = await open();
    const tick = await manager.tick();
    assertEquals([tick.firing, tick.sent, tick.failed, tick.changes.length], [1, 2, 0, 1]);
    assertEquals([a.taken.length, b.taken.length], [1, 1]);
    assertEquals(events.map((event) => event.type), ["change", "sent", "sent"]);
    const { alerts, firing } = manager.status();
    assertEquals([firing, alerts[0]!.summary, alerts[0]!.state], [1, "is 2", "firing"]);
    clock.advance(60 * SECOND);
    // Another process with the same state, or the same one after a restart.
    const other = await open();
    assertEquals(other.status().firing, 1);
    assertEquals((await other.tick()).sent, 0);
    source.readings = { m: 0 };
    clock.advance(60 * SECOND);
    assertEquals((await manager.tick()).sent, 2);
    assertEquals(a.taken.map(({ status }) => status), ["firing", "resolved"]);
  }));

Deno.test("AlertManager adds machine, library and formatted value to notifications", () =>
  atPlace(async ({ source, clock, a, statePath }) => {
    source.readings = { m: 2 };
    const origin = { machine: "nas", library: "/srv/civitai" };
    const receivers = [a];
    const manager = await AlertManager.open({
      config: configOf(oneRule()),
      source,
      statePath,
      clock,
      receivers,
      origin,
    });
    await manager.tick();
    assertEquals(a.taken.map(({ alerts }) => alerts[0]!.annotations), [{ summary: "is 2", value: "2", ...origin }]);
    assertEquals(manager.status().alerts[0]!.valueText, "2");
  }));

Deno.test("AlertManager notifies a receiver that was down once when it recovers", () =>
  atPlace(async ({ source, clock, a, b, events, open }) => {
    source.readings = { m: 2 };
    a.isDown = true;
    const manager = await open();
    const first = await manager.tick();
    assertEquals([first.sent, first.failed, a.tries], [1, 1, 3]);
    const failed = events.find((event) => event.type === "failed");
    assertStringIncludes(failed!.message, "refused");
    assertEquals(manager.status().undelivered.map(({ alerts, state, tries }) => [alerts, state, tries]), [
      [["High"], "waiting", 1],
    ]);
    clock.advance(15 * SECOND);
    assertEquals((await manager.tick()).failed, 0, "it waits half a minute");
    clock.advance(30 * SECOND);
    assertEquals((await manager.tick()).failed, 1);
    assertEquals(a.tries, 4, "one attempt after the first delivery");
    a.isDown = false;
    clock.advance(60 * SECOND);
    assertEquals((await manager.tick()).sent, 1);
    assertEquals(manager.status().undelivered, []);
    clock.advance(HOUR);
    await manager.tick();
    assertEquals([a.taken.length, b.taken.length], [1, 1]);
  }));

Deno.test("AlertManager sends no notification twice when several instances tick at once", () =>
  atPlace(async ({ source, a, b, open }) => {
    source.readings = { m: 2 };
    const managers = await Promise.all(Array.from({ length: 6 }, open));
    await Promise.all(managers.map((manager) => manager.tick()));
    assertEquals([a.taken.length, b.taken.length], [1, 1]);
  }));

Deno.test("AlertManager stores accepted deliveries even when it is stopped during others", () =>
  atPlace(async ({ source, clock, a, b, open }) => {
    source.readings = { m: 2 };
    const stop = new AbortController();
    b.send = (_notification, options?: { readonly signal: AbortSignal }) => {
      stop.abort(new DOMException("stopped", "AbortError"));
      return Promise.reject(options!.signal.reason);
    };
    const manager = await open();
    const tick = await manager.tick(clock.now(), { signal: stop.signal });
    assertEquals([tick.sent, tick.failed], [1, 1]);
    clock.advance(30 * SECOND);
    await (await open()).tick();
    assertEquals(a.taken.length, 1);
  }));

Deno.test("AlertManager.tick() does not wait for a receiver that hangs, and starts no second delivery of the message", () =>
  atPlace(async ({ source, clock, a, b, events, open }) => {
    source.readings = { m: 2 };
    const { promise: answer, resolve } = Promise.withResolvers<void>();
    let sends = 0;
    b.send = () => {
      sends++;
      return answer;
    };
    const manager = await open();
    const other = await open();
    for (let count = 0; count < 3; count++) {
      const { failed } = await manager.tick(clock.now(), { waitMs: 20 });
      assertEquals(failed, 0);
      await other.tick(clock.now(), { waitMs: 20 });
      clock.advance(15 * SECOND);
    }
    assertEquals([a.taken.length, sends], [1, 1]);
    resolve();
    await manager.close();
    assertEquals(events.filter(({ type }) => type === "sent").length, 2);
    clock.advance(5 * HOUR);
    source.readings = { m: 0 };
    assertEquals([(await other.tick()).sent, sends], [2, 2]);
  }));

Deno.test("AlertManager.close() stops a delivery that hangs, and the next process repeats it", () =>
  atPlace(async ({ source, clock, a, b, open }) => {
    source.readings = { m: 2 };
    b.send = () => new Promise(() => {});
    const manager = await open();
    await manager.tick(clock.now(), { waitMs: 20 });
    await manager.close(10);
    delete (b as Partial<MemoryReceiver>).send;
    clock.advance(60 * SECOND);
    await (await open()).tick();
    assertEquals([a.taken.length, b.taken.length], [1, 1]);
  }));

Deno.test("AlertManager tells a receiver that was down during an alert of its start and its end in one tick", () =>
  atPlace(async ({ source, clock, a, open }) => {
    source.readings = { m: 2 };
    a.isDown = true;
    const manager = await open();
    await manager.tick();
    clock.advance(HOUR);
    source.readings = { m: 0 };
    await manager.tick();
    a.isDown = false;
    clock.advance(HOUR);
    assertEquals((await manager.tick()).sent, 2);
    assertEquals(a.taken.map(({ status }) => status), ["firing", "resolved"]);
    assertEquals(a.taken[0]!.alerts[0]!.endsAt, a.taken[1]!.alerts[0]!.endsAt);
  }));
