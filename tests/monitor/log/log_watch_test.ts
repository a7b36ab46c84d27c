import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { LogFollower } from "../../../lib/journal/mod.ts";
import { LogWatch } from "../../../lib/monitor/mod.ts";
import type { ExplainedProblem } from "../../../lib/problems/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { append } from "../../helpers/rotate.ts";

Deno.test("LogWatch reports each new kind of issue at once and counts the rest", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "download.log");
    const clock = new FakeClock();
    const advices: [ExplainedProblem, number][] = [];
    using follower = new LogFollower(path, { from: "start", clock });
    const watch = new LogWatch(follower, {
      clock,
      onAdvice: (advice, { suppressed }) => advices.push([advice, suppressed]),
      onMode: () => {},
    });
    const write = (failure: string, level = "ERROR") =>
      append(path, `${JSON.stringify({ level, type: "end", outcome: "failed", failure, message: "no" })}\n`);
    assertEquals(await watch.poll(), { lines: 0, issues: 0 });
    for (let count = 0; count < 5; count++) await write("timeout");
    await write("disk");
    await write("timeout", "INFO");
    assertEquals(await watch.poll(), { lines: 7, issues: 6 });
    assertEquals(advices.map(([advice, suppressed]) => [advice.problem, suppressed]), [["timeout", 0], ["disk", 0]]);
    clock.advance(600_000);
    await write("timeout");
    await watch.poll();
    assertEquals(advices.slice(2).map(([advice, suppressed]) => [advice.problem, suppressed]), [["timeout", 4]]);
  }));

Deno.test("LogWatch reports each change of mode once, and not as an issue", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "download.log");
    const changes: string[] = [];
    using follower = new LogFollower(path, { from: "start", clock: new FakeClock() });
    const watch = new LogWatch(follower, {
      onAdvice: (advice) => changes.push(`trouble: ${advice.problem}`),
      onMode: ({ from, to }) => changes.push(`${from} ${to}`),
    });
    for (const [from, to] of [["turbo", "parallel"], ["stable", "paused"]]) {
      await append(path, `${JSON.stringify({ level: "WARN", type: "mode", from, to, reason: "ERROR" })}\n`);
    }
    assertEquals(await watch.poll(), { lines: 2, issues: 0 });
    assertEquals(await watch.poll(), { lines: 0, issues: 0 });
    assertEquals(changes, ["turbo parallel", "stable paused"]);
  }));
