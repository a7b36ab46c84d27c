import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "../../lib/base/mod.ts";
import { configOf, HOUR, MINUTE, oneRule, SECOND, Story } from "./_story.ts";

const HOSTS = ["a", "b", "c"];
const TARGETS = ["one", "two"];
const WAITS = "1m\nrepeatInterval: 1000h";

/** What a receiver was sent of each alert, in order, without repeats. */
function toldOf(story: Story, target: string): ReadonlyMap<string, readonly string[]> {
  const told = new Map<string, string[]>();
  for (const due of story.sent.filter((one) => one.target === target)) {
    for (const { fingerprint, status } of due.notification.alerts) {
      const list = told.get(fingerprint) ?? [];
      told.set(fingerprint, list);
      // A group is sent as a whole: alerts that still fire are repeated beside new ones.
      if (list.at(-1) !== status) list.push(status);
      else assertEquals(status, "firing", "an end was told twice");
    }
  }
  return told;
}

for (const seed of [1, 2, 3, 4]) {
  Deno.test(`the alert pipeline notifies each receiver of a start before its end, and of every end (seed ${seed})`, () => {
    const random = seededRandom(seed);
    const rule = `${random() < 0.5 ? ", for: 1m" : ""}${random() < 0.5 ? ", keepFiringFor: 2m" : ""}`;
    const story = new Story(configOf(oneRule(rule, WAITS)), TARGETS);
    const values = new Map(HOSTS.map((host) => [host, 0]));
    for (let tick = 0; tick < 600; tick++) {
      for (const host of HOSTS) if (random() < 0.15) values.set(host, random() < 0.5 ? 2 : 0);
      for (const target of TARGETS) {
        if (random() < 0.1) story.down.add(target);
        else if (random() < 0.3) story.down.delete(target);
      }
      if (random() < 0.1) story.restart();
      if (random() < 0.02) story.now -= Math.round(random() * HOUR);
      story.source.readings = {
        m: [...values].filter(() => random() < 0.98).map(([host, value]) => ({ labels: { host }, value, samples: 50 })),
      };
      story.now += 30 * SECOND;
      story.tick();
    }
    assert(story.sent.length > 20, `only ${story.sent.length} notifications`);
    story.down.clear();
    story.source.readings = { m: HOSTS.map((host) => ({ labels: { host }, value: 0, samples: 50 })) };
    story.pass(HOUR, 30 * SECOND);
    for (const target of TARGETS) {
      for (const statuses of toldOf(story, target).values()) {
        assertEquals([statuses[0], statuses.at(-1)], ["firing", "resolved"]);
      }
    }
    assertEquals([story.state.alerts, story.state.groups], [{}, {}]);
    const before = story.sent.length;
    story.pass(10 * MINUTE, MINUTE);
    assertEquals(story.sent.length, before);
  });
}
