import { assert, assertEquals } from "@std/assert";
import { addSilence, alertStatus, expireSilence } from "../../../lib/alerts/mod.ts";
import { configOf, HOUR, MINUTE, oneRule, SECOND, START, Story } from "../_story.ts";

const TICK = 30 * SECOND;

Deno.test("the alert pipeline ignores a breach of 90 s, repeats one of 6 h after 4 h, and reports its end once", () => {
  const story = new Story(configOf(oneRule(", for: 2m")));
  story.source.readings = { m: 0 };
  story.pass(10 * MINUTE, TICK);
  story.source.readings = { m: 2 };
  story.pass(90 * SECOND, TICK);
  assertEquals(story.states("High"), ["pending"]);
  story.source.readings = { m: 0 };
  story.pass(10 * MINUTE, TICK);
  assertEquals([story.log, story.states("High")], [[], []]);

  story.source.readings = { m: 2 };
  const begin = story.now - START;
  story.pass(6 * HOUR, TICK);
  assertEquals(story.log, ["firing 1", "firing 1"]);
  // The first tick after the breach is one tick late; it fires 2 min later, and is repeated 4 h after that.
  assertEquals(story.sent.map(({ at }) => at - begin), [TICK + 2 * MINUTE, TICK + 2 * MINUTE + 4 * HOUR]);
  story.source.readings = { m: 0 };
  story.pass(6 * HOUR, TICK);
  assertEquals(story.log, ["firing 1", "firing 1", "resolved 1"]);
  assertEquals([story.state.alerts, story.state.groups], [{}, {}]);
});

Deno.test("the alert pipeline reports an alert that flaps each tick for an hour once, and its end once", () => {
  const story = new Story(configOf(oneRule(", keepFiringFor: 5m")));
  let tick = 0;
  story.pass(HOUR, TICK, () => story.source.readings = { m: tick++ % 2 === 0 ? 2 : 0 });
  assertEquals(story.log, ["firing 1"]);
  story.source.readings = { m: 0 };
  story.pass(HOUR, TICK);
  assertEquals(story.log, ["firing 1", "resolved 1"]);
});

Deno.test("the alert pipeline keeps pending, firing and resolved alerts across a restart", () => {
  const story = new Story(configOf(oneRule(", for: 2m", "5m")));
  story.source.readings = { m: 2 };
  story.tick();
  story.pass(90 * SECOND, TICK);
  assertEquals(story.states("High"), ["pending"]);
  story.restart();
  story.pass(30 * SECOND, TICK);
  assertEquals([story.log, story.states("High")], [[], ["firing"]]);
  story.restart();
  story.pass(5 * MINUTE, TICK);
  assertEquals([story.log, story.now - START], [["firing 1"], 7 * MINUTE]);
  story.restart();
  story.pass(30 * MINUTE, TICK);
  assertEquals(story.log, ["firing 1"]);
  // The end falls between two batches, and another process sends it.
  story.source.readings = { m: 0 };
  story.pass(TICK, TICK);
  assertEquals([story.log, story.states("High")], [["firing 1"], ["resolved"]]);
  story.restart();
  story.pass(HOUR, TICK);
  assertEquals(story.log, ["firing 1", "resolved 1"]);
});

Deno.test("the alert pipeline groups 50 alerts within the wait in one message, and sends a 51st after another wait", () => {
  const story = new Story(configOf(oneRule("", "5m")));
  const hosts = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ labels: { host: `h${index}` }, value: 2, samples: 9 }));
  story.source.readings = { m: hosts(20) };
  story.tick();
  story.source.readings = { m: hosts(50) };
  story.pass(5 * MINUTE, TICK);
  assertEquals([story.log, story.now - START], [["firing 50"], 5 * MINUTE]);
  story.source.readings = { m: hosts(51) };
  story.pass(HOUR, TICK);
  assertEquals(story.log, ["firing 50", "firing 51"]);
  assertEquals(story.sent[1]!.at, 10 * MINUTE);
  assertEquals(story.sent[1]!.notification.groupLabels, { severity: "warning" });
});

const TWO_RULES = `
rules:
  - { alert: HighTimeoutRate, metric: timeout_rate, value: 1%, severity: critical, annotations: { summary: t } }
  - { alert: HighErrorRate, metric: error_rate, value: 5%, severity: warning, annotations: { summary: e } }
groupWait: 0s`;

Deno.test("the alert pipeline mutes errors while the timeouts that explain them fire, and for a quarter of an hour", () => {
  const story = new Story(configOf(TWO_RULES));
  story.source.readings = { timeout_rate: 0.5, error_rate: 0.5 };
  story.pass(5 * MINUTE, TICK);
  const told = () =>
    story.sent.map(({ notification: { status, alerts } }) => `${status} ${alerts[0]!.labels["alertname"]}`);
  assertEquals(told(), ["firing HighTimeoutRate"]);
  story.source.readings = { timeout_rate: 0, error_rate: 0.5 };
  story.pass(14 * MINUTE, TICK);
  assertEquals(told(), ["firing HighTimeoutRate", "resolved HighTimeoutRate"]);
  // By then it is a trouble of its own.
  story.pass(5 * MINUTE, TICK);
  assertEquals(told(), ["firing HighTimeoutRate", "resolved HighTimeoutRate", "firing HighErrorRate"]);
});

Deno.test("the alert pipeline mutes only those alerts of a rule that another one explains", () => {
  const story = new Story(configOf(`
rules:
  - { alert: NoProgress, metric: silence, value: 60, severity: critical, annotations: { summary: s } }
  - { alert: RunFailed, metric: run_failed, value: 0, severity: critical, annotations: { summary: s } }
  - { alert: HealthCheckFailing, metric: checks, value: 0, severity: warning, annotations: { summary: s } }
groupWait: 0s`));
  const failed = (labels: Readonly<Record<string, string>>) => ({ labels, value: 1, samples: 1 });
  story.source.readings = {
    silence: 90,
    run_failed: [failed({ command: "download", exit: "6" }), failed({ command: "verify", exit: "7" })],
    checks: [failed({ check: "api" }), failed({ check: "clock" })],
  };
  story.pass(5 * MINUTE, TICK);
  const told = story.sent.flatMap(({ notification }) => notification.alerts.map(({ labels }) => Object.values(labels)));
  assertEquals(told.map((values) => values.join(" ")), [
    "NoProgress critical",
    "verify 7 RunFailed critical",
    "clock HealthCheckFailing warning",
  ]);
});

const OUTAGE = `
rules:
  - { alert: NoProgress, metric: silence, value: 60, severity: critical, annotations: { summary: s } }
  - { alert: HighErrorRate, metric: errors_rate, value: 5%, window: 5m, keepFiringFor: 5m, severity: warning, annotations: { summary: s } }
groupWait: 0s`;

Deno.test("the alert pipeline does not tell what an outage leaves in the window of another rule", () => {
  const story = new Story(configOf(OUTAGE));
  story.source.readings = { silence: 90 };
  story.pass(HOUR, TICK);
  // The attempts that failed are counted only after the repair, and stay in the window of 5 min.
  story.source.readings = { silence: 0 };
  story.pass(2 * MINUTE, TICK);
  story.source.readings = { silence: 0, "errors_rate": 0.2 };
  story.pass(5 * MINUTE, TICK);
  assertEquals(story.states("HighErrorRate"), ["firing"]);
  const [errors] = alertStatus(story.state, story.config, story.now).alerts;
  assertEquals(errors!.rule, "HighErrorRate");
  assertEquals(errors!.mutedBy, { by: "alert", rule: "NoProgress" });
  story.source.readings = { silence: 0, "errors_rate": 0 };
  story.pass(HOUR, TICK);
  assertEquals(story.log, ["firing 1", "resolved 1"]);
});

Deno.test("the alert pipeline tells of errors that begin after an outage and its window", () => {
  const story = new Story(configOf(OUTAGE));
  story.source.readings = { silence: 90 };
  story.pass(HOUR, TICK);
  story.source.readings = { silence: 0 };
  story.pass(6 * MINUTE, TICK);
  story.source.readings = { silence: 0, "errors_rate": 0.2 };
  story.pass(MINUTE, TICK);
  assertEquals(story.log, ["firing 1", "resolved 1", "firing 1"]);
});

Deno.test("the alert pipeline sends nothing during a silence of an hour, then what still fires", () => {
  const story = new Story(configOf(oneRule()));
  story.state = addSilence(story.state, "High", { endsAt: START + HOUR, comment: "c" });
  story.source.readings = { m: 2 };
  story.pass(HOUR - TICK, TICK);
  assertEquals(story.log, []);
  story.restart();
  story.pass(TICK, TICK);
  assertEquals([story.log, story.sent[0]!.at], [["firing 1"], HOUR]);
});

Deno.test("the alert pipeline silences one alert of a rule by the value of its label", () => {
  const story = new Story(configOf(oneRule()));
  story.state = addSilence(story.state, "High:a:1", { endsAt: START + HOUR, comment: "" });
  story.state = addSilence(story.state, "High:warning", { endsAt: START + HOUR, comment: "" });
  story.source.readings = { m: ["a:1", "b"].map((host) => ({ labels: { host }, value: 2, samples: 1 })) };
  story.pass(MINUTE, TICK);
  assertEquals(story.sent.flatMap(({ notification }) => notification.alerts.map(({ labels }) => labels["host"])), [
    "b",
  ]);
});

Deno.test("the alert pipeline sends an alert again after a silence, and its end even during it", () => {
  const story = new Story(configOf(oneRule()));
  story.source.readings = { m: 2 };
  story.pass(MINUTE, TICK);
  const silence = () => {
    story.state = addSilence(story.state, "High", { endsAt: story.now + HOUR, comment: "c" });
  };
  silence();
  story.pass(30 * MINUTE, TICK);
  assertEquals(story.log, ["firing 1"]);
  story.state = expireSilence(story.state, "High")!;
  story.pass(30 * MINUTE, TICK);
  assertEquals(story.log, ["firing 1", "firing 1"]);
  silence();
  story.source.readings = { m: 0 };
  story.pass(30 * MINUTE, TICK);
  assertEquals(story.log, ["firing 1", "firing 1", "resolved 1"]);
});

Deno.test("the alert pipeline tells a receiver that was down during the whole alert late of its start and its end", () => {
  const story = new Story(configOf(oneRule()), ["a", "b"]);
  story.down.add("a");
  story.source.readings = { m: 2 };
  story.pass(10 * MINUTE, TICK);
  story.source.readings = { m: 0 };
  story.pass(10 * MINUTE, TICK);
  story.down.clear();
  story.pass(HOUR, TICK);
  assertEquals(story.sent.map(({ target, notification }) => `${target} ${notification.status}`), [
    "b firing",
    "b resolved",
    "a firing",
    "a resolved",
  ]);
  const [late, end] = story.sent.slice(2).map(({ at, notification }) => ({ at, alert: notification.alerts[0]! }));
  // The last wait of 15 minutes began before it was back.
  assert(late!.at <= 35 * MINUTE && late!.at === end!.at, `${late!.at}`);
  assertEquals([late!.alert.endsAt, end!.alert.endsAt], [START + 10.5 * MINUTE, START + 10.5 * MINUTE]);
  assertEquals([late!.alert.value, end!.alert.value], [2, 0]);
  assertEquals(story.state.groups, {});
});

Deno.test("the alert pipeline never takes NaN for a breach", () => {
  const story = new Story(configOf(oneRule()));
  story.source.readings = { m: [{ labels: {}, value: NaN, samples: 50 }] };
  story.pass(HOUR, TICK);
  assertEquals([story.log, story.state.alerts], [[], {}]);
});

Deno.test("the alert pipeline ignores missing data if the rule says ok or keep", () => {
  for (const policy of ["ok", "keep"]) {
    const story = new Story(configOf(oneRule(`, onNoData: ${policy}`)));
    story.source.readings = { m: null };
    story.pass(HOUR, TICK);
    assertEquals([story.log, story.state.alerts], [[], {}]);
    story.source.readings = { m: 2 };
    story.pass(MINUTE, TICK);
    story.source.readings = { m: null };
    story.pass(HOUR, TICK);
    assertEquals(story.log, policy === "ok" ? ["firing 1", "resolved 1"] : ["firing 1"]);
  }
});

Deno.test("the alert pipeline with keep ends an alert whose labels are gone while others have data", () => {
  const story = new Story(configOf(oneRule(", onNoData: keep")));
  const reading = (host: string, value: number | null) => ({ labels: { host }, value, samples: 9 });
  story.source.readings = { m: [reading("x", 2)] };
  story.pass(MINUTE, TICK);
  story.source.readings = { m: [] };
  story.pass(HOUR, TICK);
  assertEquals(story.log, ["firing 1"]);
  story.source.readings = { m: [reading("y", 0)] };
  story.pass(5 * MINUTE, TICK);
  assertEquals(story.log, ["firing 1", "resolved 1"]);
});

Deno.test("the alert pipeline tells nobody first of an alert that only lacks data, and tells of it once it has some", () => {
  const story = new Story(configOf(oneRule(", onNoData: keep")));
  story.source.readings = { m: 2 };
  story.state = addSilence(story.state, "High", { endsAt: story.now + HOUR, comment: "" });
  story.pass(MINUTE, TICK);
  story.source.readings = { m: null };
  // The silence ends while nobody knows whether the alert is still true.
  story.pass(2 * HOUR, TICK);
  assertEquals(story.log, []);
  story.source.readings = { m: 2 };
  story.pass(5 * MINUTE, TICK);
  assertEquals(story.log, ["firing 1"]);
});

Deno.test("the alert pipeline treats too few samples as no data", () => {
  const story = new Story(configOf(oneRule(", minSamples: 20")));
  const reading = (samples: number) => ({ m: [{ labels: {}, value: 2, samples }] });
  story.source.readings = reading(19);
  story.pass(HOUR, TICK);
  assertEquals(story.log, []);
  story.source.readings = reading(20);
  story.pass(HOUR, TICK);
  assertEquals(story.log, ["firing 1"]);
});

Deno.test("the alert pipeline sends critical alerts at once and batches warnings by default", () => {
  const rule = (name: string, severity: string) =>
    `{ alert: ${name}, metric: ${name.toLowerCase()}, value: 1, severity: ${severity}, annotations: { summary: s } }`;
  const rules = [rule("A", "critical"), rule("B", "critical"), rule("C", "warning"), rule("D", "warning")].join(", ");
  const story = new Story(configOf(`rules: [${rules}]`));
  story.source.readings = { a: 2, c: 2 };
  story.tick();
  story.pass(MINUTE, TICK, () => story.source.readings = { a: 2, b: 2, c: 2 });
  story.pass(10 * MINUTE, TICK, () => story.source.readings = { a: 2, b: 2, c: 2, d: 2 });
  const told = story.sent.map(({ at, notification }) => [
    at,
    notification.alerts.map((alert) => alert.labels["alertname"]).join(""),
  ]);
  assertEquals(told, [[0, "A"], [TICK, "B"], [5 * MINUTE, "CD"]]);
});

Deno.test("the alert pipeline neither delays nor repeats when the clock is set back", () => {
  const story = new Story(configOf(oneRule(", for: 2m")));
  story.source.readings = { m: 2 };
  story.tick();
  story.pass(90 * SECOND, TICK);
  story.now -= 24 * HOUR;
  story.tick();
  assertEquals(story.states("High"), ["pending"]);
  story.pass(TICK, TICK);
  assertEquals(story.log, ["firing 1"]);
  story.now -= HOUR;
  story.pass(HOUR, TICK);
  assertEquals(story.log, ["firing 1"]);
  story.pass(4 * HOUR, TICK);
  assertEquals(story.log, ["firing 1", "firing 1"]);
});

Deno.test("the alert pipeline drops a pending alert after an hour without evaluation", () => {
  const story = new Story(configOf(oneRule(", for: 30m")));
  story.source.readings = { m: 2 };
  story.tick();
  story.now += 2 * HOUR;
  story.tick();
  assertEquals(story.states("High"), ["pending"]);
  story.pass(30 * MINUTE, TICK);
  assertEquals(story.log, ["firing 1"]);
});

Deno.test("the alert pipeline ends an alert whose rule was removed", () => {
  const story = new Story(configOf(oneRule()));
  story.source.readings = { m: 2 };
  story.tick();
  story.config = configOf(oneRule().replace("High", "Other").replace("metric: m", "metric: n"));
  story.pass(MINUTE, TICK);
  assertEquals(story.states("High"), ["resolved"]);
  story.pass(HOUR, TICK);
  assert(Object.keys(story.state.alerts).length === 0);
});

Deno.test("the alert pipeline does not repeat an alert that returns before its end was sent", () => {
  const story = new Story(configOf(oneRule("", "5m")));
  story.source.readings = { m: 2 };
  story.tick();
  story.pass(5 * MINUTE, TICK);
  story.source.readings = { m: 0 };
  story.pass(MINUTE, TICK);
  story.source.readings = { m: 2 };
  story.pass(HOUR, TICK);
  assertEquals(story.log, ["firing 1"]);
});

Deno.test("the alert pipeline sends the end of an episode while the next one is pending", () => {
  const story = new Story(configOf(oneRule(", for: 10m")));
  story.source.readings = { m: 2 };
  story.tick();
  story.pass(10 * MINUTE, TICK);
  story.source.readings = { m: 0 };
  story.pass(TICK, TICK);
  story.source.readings = { m: 2 };
  story.pass(6 * MINUTE, TICK);
  assertEquals([story.log, story.states("High")], [["firing 1", "resolved 1"], ["pending"]]);
});

Deno.test("the alert pipeline never sends an alert that ended within the wait of its group", () => {
  const story = new Story(configOf(oneRule("", "5m")));
  story.source.readings = { m: 2 };
  story.pass(4 * MINUTE, TICK);
  story.source.readings = { m: 0 };
  story.pass(HOUR, TICK);
  assertEquals([story.log, story.state.groups], [[], {}]);
});

Deno.test("the alert pipeline repeats a delivery of a process that died during it after a minute, and always sends its end", () => {
  for (const isOver of [false, true]) {
    const story = new Story(configOf(oneRule()));
    story.source.readings = { m: 2 };
    story.isDying = true;
    story.tick();
    story.isDying = false;
    story.restart();
    story.source.readings = { m: isOver ? 0 : 2 };
    story.pass(30 * SECOND, TICK);
    assertEquals(story.log, ["firing 1"]);
    story.pass(HOUR, TICK);
    assertEquals(story.log, ["firing 1", isOver ? "resolved 1" : "firing 1"]);
    assertEquals(story.sent[1]!.at, MINUTE);
  }
});

Deno.test("the alert pipeline reports an end with its own time and value, even while the next episode is pending", () => {
  const story = new Story(configOf(oneRule(", for: 1m, keepFiringFor: 1m")));
  story.source.readings = { m: 5 };
  story.pass(2 * MINUTE, 30 * SECOND);
  story.source.readings = { m: 0.5 };
  story.pass(2 * MINUTE, 30 * SECOND);
  const [fired, ended] = story.sent.map(({ notification }) => notification.alerts[0]!);
  assertEquals([fired!.value, fired!.annotations["value"], fired!.endsAt], [5, "5", null]);
  assertEquals([ended!.value, ended!.annotations["value"], ended!.annotations["summary"]], [0.5, "0.5", "is 5"]);
  assertEquals(ended!.endsAt, ended!.startsAt + 90 * SECOND);
  const [status] = alertStatus(story.state, story.config, story.now).alerts;
  assertEquals([status!.state, status!.value, status!.valueText], ["resolved", 0.5, "0.5"]);
});

Deno.test("the alert pipeline reports no data as the last value if there was none at the end", () => {
  const story = new Story(configOf(oneRule()));
  story.source.readings = { m: 5 };
  story.tick();
  story.source.readings = {};
  story.pass(MINUTE, 30 * SECOND);
  const ended = story.sent.at(-1)!.notification;
  assertEquals([ended.status, ended.alerts[0]!.value, ended.alerts[0]!.annotations["value"]], [
    "resolved",
    null,
    undefined,
  ]);
});
