import { assert, assertEquals } from "@std/assert";
import { alertStatus } from "../../../lib/alerts/mod.ts";
import { configOf, HOUR, MINUTE, oneRule, SECOND, START, Story } from "../_story.ts";

const TICK = 30 * SECOND;
const TARGETS = ["well", "dead", "hanging"];

/** What each address got, in order. */
function gotOf(story: Story, target: string): readonly string[] {
  return story.sent.filter((one) => one.target === target).map(({ notification }) => notification.status);
}

for (const minutes of [1, 200]) {
  Deno.test(`an outage of ${minutes} min is one firing and one resolved for a receiver that is well, dead or hanging`, () => {
    const story = new Story(configOf(oneRule(", for: 1m, keepFiringFor: 1m")), TARGETS);
    story.down.add("dead");
    story.hanging.add("hanging");
    story.source.readings = { m: 2 };
    story.pass((minutes + 2) * MINUTE, TICK);
    story.restart();
    story.source.readings = { m: 0 };
    story.pass(10 * MINUTE, TICK);
    assertEquals(gotOf(story, "dead"), []);
    assertEquals(alertStatus(story.state, story.config, story.now).undelivered.map(({ address }) => address), [
      "dead",
      "hanging",
    ]);
    story.down.clear();
    story.hanging.clear();
    story.pass(15 * MINUTE, TICK);
    for (const target of ["well", "dead", "hanging"]) {
      assertEquals(gotOf(story, target), ["firing", "resolved"], target);
    }
    story.pass(25 * HOUR, MINUTE);
    assertEquals([story.sent.length, story.state.alerts, story.state.groups], [6, {}, {}]);
  });
}

Deno.test("a receiver that refuses is asked with growing waits, from half a minute to a quarter of an hour", () => {
  const story = new Story(configOf(oneRule()), ["dead"]);
  story.down.add("dead");
  story.source.readings = { m: 2 };
  const tries: number[] = [];
  let before = 0;
  story.pass(2 * HOUR, TICK);
  const { undelivered: [last] } = alertStatus(story.state, story.config, story.now);
  assert(last!.tries <= 13, `${last!.tries}`);
  story.state = new Story(story.config).state;
  story.pass(90 * MINUTE, TICK, () => {
    const known = alertStatus(story.state, story.config, story.now).undelivered[0];
    if (known !== undefined && known.tries !== before) tries.push(Date.parse(known.retryAt!) - story.now + TICK);
    before = known?.tries ?? 0;
  });
  assertEquals(tries.map((ms) => ms / SECOND).slice(0, 7), [30, 60, 120, 240, 480, 900, 900]);
});

Deno.test("an address that asks for a longer wait gets it", () => {
  const story = new Story(configOf(oneRule()), ["dead"]);
  story.source.readings = { m: 2 };
  story.refusal = { kind: "refused", message: "it answered 429", retryAfterMs: 10 * MINUTE };
  story.down.add("dead");
  story.tick();
  story.down.clear();
  story.pass(HOUR, TICK);
  assertEquals(story.sent.map(({ at }) => at), [10 * MINUTE]);
});

Deno.test("a receiver that hangs gets no second copy for that, and the usual repetition while the alert fires", () => {
  const story = new Story(configOf(oneRule()), ["hanging"]);
  story.hanging.add("hanging");
  story.source.readings = { m: 2 };
  story.pass(9 * HOUR, TICK);
  assertEquals(story.sent.map(({ at }) => Math.round(at / HOUR)), [0, 4, 8]);
  const [unanswered] = alertStatus(story.state, story.config, story.now).undelivered;
  assertEquals(unanswered, {
    address: "hanging",
    alerts: ["High"],
    state: "unanswered",
    since: new Date(START + TICK).toISOString(),
    tries: 3,
    retryAt: null,
    message: "no answer",
  });
  story.hanging.clear();
  story.pass(4 * HOUR, TICK);
  assertEquals(alertStatus(story.state, story.config, story.now).undelivered, []);
});

Deno.test("a receiver that was dead during several outages of an alert is told of the last one", () => {
  const story = new Story(configOf(oneRule()), ["dead"]);
  story.down.add("dead");
  for (let outage = 0; outage < 3; outage++) {
    story.source.readings = { m: 2 };
    story.pass(5 * MINUTE, TICK);
    story.source.readings = { m: 0 };
    story.pass(5 * MINUTE, TICK);
  }
  story.down.clear();
  story.pass(HOUR, TICK);
  assertEquals(story.log, ["firing 1", "resolved 1"]);
  assertEquals(story.sent[0]!.notification.alerts[0]!.startsAt, START + 20 * MINUTE + TICK);
});

Deno.test("a receiver that died after the start is told late of the end only", () => {
  const story = new Story(configOf(oneRule()), ["dead"]);
  story.source.readings = { m: 2 };
  story.pass(5 * MINUTE, TICK);
  story.down.add("dead");
  story.source.readings = { m: 0 };
  story.pass(HOUR, TICK);
  story.down.clear();
  story.pass(HOUR, TICK);
  assertEquals(story.log, ["firing 1", "resolved 1"]);
});

Deno.test("the end of an alert whose start is told late follows at once, before the group's wait is over", () => {
  const story = new Story(configOf(oneRule("", "5m")), ["dead"]);
  story.down.add("dead");
  story.source.readings = { m: 2 };
  story.tick();
  story.pass(5 * MINUTE, 10 * SECOND);
  story.source.readings = { m: 0 };
  story.pass(10 * SECOND, 10 * SECOND);
  story.down.clear();
  story.pass(MINUTE, 10 * SECOND);
  assertEquals(story.sent.map(({ at, notification }) => [notification.status, at]), [
    ["firing", 5 * MINUTE + 30 * SECOND],
    ["resolved", 5 * MINUTE + 30 * SECOND],
  ]);
});
