import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import {
  closeIncident,
  findOpenIncident,
  INCIDENT_PROBLEMS,
  incidentSteps,
  judgeIncident,
  noteIncident,
  recordCommand,
  renderTimeline,
  startIncident,
} from "../../lib/incident/mod.ts";

const START = Date.parse("2026-11-27T11:45:00Z");
const MINUTE = 60_000;

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    await test(join(root, "logs", "incidents"));
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

const begin = (folder: string) => startIncident(folder, { problem: "timeouts", text: "all hang", atMs: START });

Deno.test("startIncident() creates a timeline that findOpenIncident() finds until it is closed", () =>
  inFolder(async (folder) => {
    assertEquals(await findOpenIncident(folder), undefined);
    const incident = await begin(folder);
    assertEquals(incident.id, "20261127-114500");
    noteIncident(incident, { text: "a note", atMs: START + MINUTE });
    await Deno.mkdir(join(folder, "20261127-120000.jsonl"));
    assertEquals((await findOpenIncident(folder))?.entries.map(({ type }) => type), ["start", "note"]);
    const closed = await closeIncident(incident, { text: "a router", atMs: START + 2 * MINUTE });
    assertEquals(await findOpenIncident(folder), undefined);
    const status = judgeIncident(closed, START + 90 * MINUTE);
    assertEquals([status.durationMs, status.closedAt, status.next], [2 * MINUTE, "2026-11-27T11:47:00.000Z", null]);
  }));

Deno.test("startIncident() refuses while an incident is open", () =>
  inFolder(async (folder) => {
    await begin(folder);
    const error = await assertRejects(() => begin(folder), KitError, '"20261127-114500" is open');
    assertEquals(error.code, "unsafe");
  }));

Deno.test("judgeIncident() counts the commands that were run, and names the next one", () =>
  inFolder(async (folder) => {
    const incident = await begin(folder);
    const run = (words: readonly string[], exit: number, atMs = START + MINUTE) =>
      recordCommand(incident, { words, exit, atMs });
    const status = async (nowMs = START + MINUTE) => judgeIncident((await findOpenIncident(folder))!, nowMs);
    assertEquals((await status()).next, "civitai-dl failsafe hold stable");
    run(["failsafe"], 0);
    run(["failsafe", "hold"], 2);
    run(["failsafe", "hold", "--release"], 0);
    assertEquals((await status()).next, "civitai-dl failsafe hold stable", "neither a look, a mistake nor a release");
    run(["failsafe", "hold", "stable"], 0);
    assertEquals((await status()).next, "civitai-dl health-check");
    run(["health-check"], 1);
    assertEquals((await status()).next, "civitai-dl debug-info --output debug.zip", "a look may find trouble");
    for (const name of ["debug-info", "analyze-metrics", "analyze-errors", "tune-timeouts"]) run([name], 0);
    assertEquals((await status()).next, "civitai-dl branch start-hotfix NAME");
    run(["rollback"], 0);
    run(["emergency-test"], 1);
    assertEquals((await status()).next, "civitai-dl emergency-test", "a fix counts only if it succeeds");
    run(["self-test"], 0);
    run(["canary", "--percentage"], 0);
    run(["rollout", "--percentage"], 0);
    run(["deploy"], 0);
    // It was released only before it was put on.
    assertEquals((await status()).next, "civitai-dl failsafe hold --release");
    run(["failsafe", "hold", "--release"], 0);
    assertEquals([(await status()).next, (await status()).steps.at(-1)?.state], [null, "done"]);
    run(["failsafe", "hold", "turbo"], 0);
    assertEquals((await status()).next, "civitai-dl failsafe hold --release", "it is on again");
  }));

Deno.test("judgeIncident() does not count a command that only showed something, did a part or was taken back", () =>
  inFolder(async (folder) => {
    const incident = await begin(folder);
    const runs = [
      "failsafe hold turbo",
      "failsafe hold paused --library",
      "health-check --only",
      "debug-info --list",
      "rollback --list",
      "rollback --dry-run",
      "rollback status",
      "rollback undo",
      "rollback --catalog",
      "branch start-hotfix --dry-run",
      "branch finish-hotfix --dry-run",
      "emergency-test --only",
      "canary --percentage --dry-run",
      "rollout start --dry-run",
      "rollout promote --dry-run",
      "rollout status --percentage",
      "deploy --dry-run",
    ];
    for (const text of runs) recordCommand(incident, { words: text.split(" "), exit: 0, atMs: START });
    const { steps } = judgeIncident((await findOpenIncident(folder))!, START);
    assertEquals(steps.filter(({ state }) => state === "done").map(({ command }) => command), []);
    recordCommand(incident, { words: ["rollback", "--library"], exit: 0, atMs: START });
    const after = judgeIncident((await findOpenIncident(folder))!, START);
    assertEquals(after.steps.filter(({ state }) => state === "done").map(({ command }) => command), [
      "civitai-dl branch start-hotfix NAME",
      "civitai-dl branch finish-hotfix NAME",
    ], "another version needs no fix, but is no other engine");
  }));

Deno.test("judgeIncident() says which stage takes too long", () =>
  inFolder(async (folder) => {
    const incident = await begin(folder);
    assertEquals(judgeIncident(incident, START + 5 * MINUTE).overdue, null);
    assertEquals(judgeIncident(incident, START + 5 * MINUTE + 1).overdue?.stage, "contain");
    recordCommand(incident, { words: ["failsafe", "hold", "stable"], exit: 0, atMs: START });
    recordCommand(incident, { words: ["health-check"], exit: 0, atMs: START });
    const later = (await findOpenIncident(folder))!;
    assertEquals(judgeIncident(later, START + 29 * MINUTE).overdue, null);
    assertEquals(judgeIncident(later, START + 31 * MINUTE).overdue?.stage, "analyze");
  }));

Deno.test("findOpenIncident() reads a timeline that was cut off or edited, and counts what it cannot read", () =>
  inFolder(async (folder) => {
    const incident = await begin(folder);
    const broken = ['{"time":"x","type":"note","text":"a"}', "null", '{"time":"2026-11-27T11:50:00Z","type":"comm'];
    await Deno.writeTextFile(incident.path, `${broken.join("\n")}\n`, { append: true });
    noteIncident(incident, { text: "after the crash", atMs: START });
    const read = (await findOpenIncident(folder))!;
    assertEquals([read.entries.length, read.unreadable], [2, 3]);
  }));

Deno.test("findOpenIncident() keeps an incident open whose start cannot be read, and ignores an empty file", () =>
  inFolder(async (folder) => {
    const incident = await begin(folder);
    await Deno.writeTextFile(join(folder, "20261127-120000.jsonl"), "");
    for (const junk of ["\0".repeat(4096), "junk\n", '{"time":"2026-11-27T11:50:00Z","type":"note","text":"a"}\n']) {
      await Deno.writeTextFile(incident.path, junk);
      const read = (await findOpenIncident(folder))!;
      const { startedAt, text, next } = judgeIncident(read, START);
      assertEquals([startedAt, text], ["2026-11-27T11:45:00.000Z", "the start of the timeline cannot be read"], junk);
      assertEquals(next, "civitai-dl failsafe hold stable");
    }
    assertEquals((await closeIncident(incident, { text: "b", atMs: START })).entries.at(-1)?.type, "close");
    assertEquals(await findOpenIncident(folder), undefined);
  }));

Deno.test("renderTimeline() keeps every entry in one row", () =>
  inFolder(async (folder) => {
    const incident = await begin(folder);
    noteIncident(incident, { text: "a | b\n# c `d`", atMs: START + MINUTE });
    recordCommand(incident, { words: ["health-check"], exit: 1, atMs: START + MINUTE });
    const text = renderTimeline(await closeIncident(incident, { text: "done", atMs: START + MINUTE }));
    assertStringIncludes(text, "| 1m | a \\| b # c 'd' |\n");
    assertStringIncludes(text, "`civitai-dl health-check` ended with 1");
    assertEquals(text.split("\n").filter((line) => line.startsWith("| 2026")).length, 4);
  }));

Deno.test("incidentSteps() leads through all four stages in order, for every problem", () => {
  for (const problem of INCIDENT_PROBLEMS) {
    const stages = incidentSteps(problem).map(({ stage }) => stage);
    const changes = stages.filter((stage, index) => stage !== stages[index - 1]);
    assertEquals(changes, ["contain", "analyze", "fix", "recover"]);
  }
});
