import { assertEquals } from "@std/assert";
import { parseAlertsConfig } from "../../lib/alerts/mod.ts";
import { QuietNight } from "./_quiet_night.ts";
import { START, Story } from "./_story.ts";

const SHIPPED = parseAlertsConfig(
  await Deno.readTextFile(new URL("../../config/alerts.yml", import.meta.url)),
  { file: "config/alerts.yml" },
);

for (const seed of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) {
  Deno.test(`the shipped rules alert nobody on two quiet days (night ${seed})`, () => {
    const night = new QuietNight(seed);
    const story = new Story(SHIPPED);
    story.source.read = (metric, options) => night.read(metric, options!);
    const fired = new Set<string>();
    for (const ms of night.ticks()) {
      night.advance(ms);
      story.now = START + ms;
      story.tick();
      for (const { rule, state } of Object.values(story.state.alerts)) if (state === "firing") fired.add(rule);
    }
    assertEquals([[...fired], story.log], [[], []]);
  });
}
