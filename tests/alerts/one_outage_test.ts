import { assert, assertEquals } from "@std/assert";
import { parseAlertsConfig } from "../../lib/alerts/mod.ts";
import { HOUR, MINUTE, SECOND, START, Story } from "./_story.ts";

const TICK = 30 * SECOND;
const SHIPPED = parseAlertsConfig(
  await Deno.readTextFile(new URL("../../config/alerts.yml", import.meta.url)),
  { file: "config/alerts.yml" },
);
/** What every other metric says while nothing else is wrong. */
const QUIET = { "run_failed": 0, "seconds_since_success": 3600, "reserve_reached": 0, "key_rejected": 0 };

function ratio(value: number, samples = 200) {
  return [{ labels: {}, value, samples }];
}

for (const isFailed of [false, true]) {
  Deno.test(`an hour in which nothing arrives is one firing and one resolved with the shipped rules${isFailed ? ", and the end of the run" : ""}`, () => {
    const story = new Story(SHIPPED, ["well", "dead", "hanging"]);
    story.down.add("dead");
    story.hanging.add("hanging");
    const begin = story.now;
    const set = (readings: Story["source"]["readings"]) => story.source.readings = { ...QUIET, ...readings };
    // The attempts of the first minutes fail, and then none ends.
    story.pass(HOUR, TICK, () => {
      const silence = Math.min(3600, (story.now - begin) / SECOND);
      set({ "no_progress_seconds": silence, "error_rate": silence < 300 ? ratio(0.2) : [] });
    });
    const firing = story.sent.find(({ target }) => target === "well")!;
    assert(firing.at <= 2 * MINUTE, `told after ${firing.at} ms`);
    // Bytes arrive again. What failed is counted now, and stays in the windows of the rates.
    const repair = story.now - begin;
    story.pass(
      10 * MINUTE,
      TICK,
      () => set({ "no_progress_seconds": 0, "error_rate": ratio(0.3), "timeout_rate": ratio(0.3) }),
    );
    const resolved = story.sent.filter(({ target }) => target === "well")[1]!;
    assert(resolved.at - repair <= 90 * SECOND, `all clear after ${resolved.at - repair} ms`);
    set({ "no_progress_seconds": 0, "error_rate": ratio(0), "timeout_rate": ratio(0) });
    if (isFailed) {
      const labels = { command: "download", exit: "6" };
      story.source.readings["run_failed"] = [{ labels, value: 1, samples: 1 }];
    }
    story.pass(20 * MINUTE, TICK);
    story.down.clear();
    story.pass(HOUR, TICK);
    const end = isFailed ? ["RunFailed firing"] : [];
    for (const target of ["well", "dead", "hanging"]) {
      const told = story.sent.filter((one) => one.target === target).flatMap(({ notification }) =>
        notification.alerts.map((alert) => `${alert.labels["alertname"]} ${alert.status}`)
      );
      assertEquals(told.toSorted(), ["NoProgress firing", "NoProgress resolved", ...end], target);
    }
  });
}

Deno.test("the end of a failed run is told within a minute of a good one, however its times lie to those of the monitor", () => {
  for (let phase = 0; phase < 60; phase += 5) {
    const story = new Story(SHIPPED, ["well"]);
    const run = [{ labels: { command: "download", exit: "6" }, value: 1, samples: 1 }];
    // Ticks are a little early or late.
    const tick = TICK + (phase % 2 === 0 ? -1 : 1);
    story.source.readings = { ...QUIET, "run_failed": run };
    story.pass(10 * MINUTE, tick);
    const good = story.now + phase * SECOND;
    story.pass(5 * MINUTE, tick, () => {
      if (story.now >= good) story.source.readings = QUIET;
    });
    const sent = story.sent.map(({ at, notification }) => ({ at, status: notification.alerts[0]!.status }));
    assertEquals(sent.map(({ status }) => status), ["firing", "resolved"]);
    const lateMs = sent[1]!.at - (good - START);
    assert(lateMs <= MINUTE, `phase ${phase}: told after ${lateMs / SECOND} s`);
  }
});

for (const isFailedAgain of [false, true]) {
  Deno.test(`an outage in which runs give up and are started again is one firing and one resolved with the shipped rules${isFailedAgain ? ", until a run fails after it" : ""}`, () => {
    const story = new Story(SHIPPED, ["well", "dead", "hanging"]);
    story.down.add("dead");
    story.hanging.add("hanging");
    const set = (readings: Story["source"]["readings"]) => story.source.readings = { ...QUIET, ...readings };
    const ended = (
      exit: string,
    ) => [{ labels: { command: "download", exit }, value: exit === "0" ? 0 : 1, samples: 1 }];
    // Nobody knows yet whether it is made good.
    const underWay = { "run_failed": [] };
    let silence = 0;
    const beSilent = (ms: number) =>
      story.pass(ms, TICK, () => set({ ...underWay, "no_progress_seconds": silence += TICK / SECOND }));
    /** A run that has just started has measured nothing. */
    const start = () => {
      set({ ...underWay, "no_progress_seconds": [] });
      story.pass(TICK, TICK);
    };
    const giveUp = () => set({ "no_progress_seconds": silence, "run_failed": ended("6") });
    start();
    beSilent(10 * MINUTE);
    giveUp();
    story.pass(20 * MINUTE, TICK);
    start();
    beSilent(10 * MINUTE);
    giveUp();
    story.pass(20 * MINUTE, TICK);
    // Bytes arrive in the next run, which works for longer than an alert mutes others.
    start();
    set({ ...underWay, "no_progress_seconds": 0 });
    story.pass(2 * HOUR, TICK);
    set({ "no_progress_seconds": 0, "run_failed": ended(isFailedAgain ? "6" : "0") });
    story.pass(20 * MINUTE, TICK);
    story.down.clear();
    story.pass(HOUR, TICK);
    const end = isFailedAgain ? ["RunFailed firing"] : [];
    for (const target of ["well", "dead", "hanging"]) {
      const told = story.sent.filter((one) => one.target === target).flatMap(({ notification }) =>
        notification.alerts.map((alert) => `${alert.labels["alertname"]} ${alert.status}`)
      );
      assertEquals(told.toSorted(), ["NoProgress firing", "NoProgress resolved", ...end], target);
    }
  });
}

Deno.test("a refused key is one firing and one resolved with the shipped rules, however long the run with the new one takes", () => {
  const story = new Story(SHIPPED, ["me"]);
  const origin = { origin: "CIVITAI_API_KEY" };
  const key = (value: number) => [{ labels: origin, value, samples: 1 }];
  const ended = (exit: string) => [{ labels: { command: "update", exit }, value: exit === "0" ? 0 : 1, samples: 1 }];
  const set = (readings: Story["source"]["readings"]) => story.source.readings = { ...QUIET, ...readings };
  set({ "key_rejected": key(1), "run_failed": ended("5") });
  story.pass(HOUR, TICK);
  set({ "key_rejected": key(1), "run_failed": [] });
  story.pass(MINUTE, TICK);
  set({ "key_rejected": key(0), "run_failed": [] });
  story.pass(2 * HOUR, TICK);
  set({ "key_rejected": key(0), "run_failed": ended("0") });
  story.pass(HOUR, TICK);
  const told = story.sent.flatMap(({ notification }) =>
    notification.alerts.map((alert) => `${alert.labels["alertname"]} ${alert.status}`)
  );
  assertEquals(told, ["KeyRejected firing", "KeyRejected resolved"]);
});
