import { assertEquals } from "@std/assert";
import { type MetricReading, parseAlertsConfig } from "../../lib/alerts/mod.ts";
import { MINUTE, SECOND, Story } from "./_story.ts";

const SHIPPED = parseAlertsConfig(
  await Deno.readTextFile(new URL("../../config/alerts.yml", import.meta.url)),
  { file: "config/alerts.yml" },
);

function checks(values: Readonly<Record<string, number | null>>): readonly MetricReading[] {
  return Object.entries(values).map(([check, value]) => ({
    labels: { check },
    value,
    samples: value === null ? 0 : 1,
    details: { en: `${check} says why`, ja: `${check} の理由` },
  }));
}

/** What was sent: state, rule and summary of each alert. */
function sent(story: Story): readonly string[] {
  return story.sent.flatMap(({ notification }) =>
    notification.alerts.map(({ status, labels, annotations }) =>
      `${status} ${labels["alertname"]}: ${annotations["summary"]}`
    )
  );
}

Deno.test("HealthCheckFailing says what a check found, and nothing of hosts while a run or its end tells of them", () => {
  const story = new Story(SHIPPED);
  const run = { labels: { command: "update", exit: "6" }, samples: 1 };
  story.source.readings = {
    run_failed: [{ ...run, value: 1 }],
    health_check_failing: checks({ catalog: 1, storage: 1, api: 1 }),
  };
  story.pass(10 * MINUTE, 30 * SECOND);
  const began = [
    "firing RunFailed: The last run failed: update, exit 6",
    "firing HealthCheckFailing: The check catalog of doctor fails: catalog says why",
  ];
  assertEquals(sent(story), began);
  // After a restart, nothing is known before two rounds.
  story.restart();
  story.source.readings["health_check_failing"] = checks({ catalog: null, storage: null, api: 0 });
  story.pass(20 * MINUTE, 30 * SECOND);
  assertEquals(sent(story), began);
  story.source.readings = { run_failed: 0, health_check_failing: checks({ catalog: 0, storage: 0, api: 0 }) };
  story.pass(10 * MINUTE, 30 * SECOND);
  assertEquals(sent(story).slice(2).map((text) => text.split(":")[0]).toSorted(), [
    "resolved HealthCheckFailing",
    "resolved RunFailed",
  ]);
});
