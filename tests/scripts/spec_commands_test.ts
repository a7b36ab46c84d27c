import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkout } from "../../tasks.ts";
import { KitError } from "../../lib/base/mod.ts";
import { loadProgram, parseCommand, type ParsedCommand, resolveCommand } from "../../lib/cli/mod.ts";
import { tasksOf } from "../../scripts/_docs/tasks.ts";
import { call } from "../helpers/call.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const program = await loadProgram(checkout);
const tasks = tasksOf(program.commands);

/** The table of the specification: each command, with the lines that people write, in its spelling. */
const TABLE: Readonly<Record<string, readonly string[]>> = {
  "download": [
    "download --user NAME",
    "--users test_users.txt",
    "--user NAME",
    "--model 123",
    "--force-sync-mode --max-retries=5",
  ],
  "gate": ["gate --phase 1", "gate --phase=phase1", "gate --phase=4"],
  "checks": ["checks", "checks --fix"],
  "benchmark": ["benchmark --phase=1", "benchmark --phase=phase1", "benchmark --phase 4"],
  "benchmark-compare": [
    "benchmark-compare main performance/phase1",
    "benchmark-compare --baseline=main --target=performance/phase1 --output=reports/benchmark-20260101-000000.json",
    "benchmark-compare --comprehensive --baseline=main --target=develop --duration=30m",
  ],
  "check-regression": ["check-regression --baseline=main --current=HEAD --threshold=0.05"],
  "benchmark-report": ["benchmark-report --output=reports/benchmark-comparison.md", "benchmark-report a.json"],
  "stability": [
    "stability --duration 4h",
    "stability --duration=14400 --report-interval=900",
    "stability --duration=14400 --report-interval=900 --output=reports/stability-20260101-000000.json",
  ],
  "branch": [
    "branch create-phase 1",
    "branch finish-phase 1",
    "branch start-hotfix name",
    "branch finish-hotfix name",
    "branch start feature/name",
    "branch start experimental/name",
    "branch start-release 1.1",
    "branch status",
    "branch undo",
    "branch continue",
  ],
  "release": [
    "release prepare --version=1.1.0",
    "release prepare 1.1.0",
    "release alpha 1.1.0",
    "release beta 1.1.0",
    "release candidate 1.1.0",
    "release stable 1.1.0",
  ],
  "production-test": ["production-test --version=v1.1.0-rc.1"],
  "rollback": ["rollback", "rollback v1.0.3"],
  "canary": ["canary --percentage=10", "canary --percentage 10"],
  "rollout": [
    "rollout --percentage=50",
    "rollout status",
    "rollout promote",
    "rollout pause",
    "rollout abort",
    "rollout retry",
  ],
  "deploy": ["deploy"],
  "monitor": ["monitor", "monitor --only metrics", "monitor --only log"],
  "collect-metrics": ["collect-metrics --output=logs/metrics-20260101-0000.json"],
  "check-alerts": ["check-alerts --config=config/alerts.yml", "check-alerts --config config/alerts.yml"],
  "handle-issue": ["handle-issue --log-line=x"],
  "health-check": ["health-check"],
  "debug-info": ["debug-info --output=debug-20260101-000000.zip"],
  "analyze-metrics": ["analyze-metrics --timerange=1h"],
  "analyze-errors": ["analyze-errors --log-file=logs/download.log"],
  "profile": ["profile -- download --users test_users.txt"],
  "analyze-profile": ["analyze-profile a.cpuprofile"],
  "memory-test": ["memory-test"],
  "tune-timeouts": ["tune-timeouts --adaptive --log-file=logs/timeouts.log"],
  "emergency-test": ["emergency-test"],
  "dev-setup": ["dev-setup"],
  "demo": ["demo"],
  "sandbox": ["sandbox"],
  "verify": ["verify"],
  "repair": ["repair"],
  "update": ["update"],
  "search": ["search TEXT"],
};

/** Tasks of the table that work on a checkout and are no commands. */
const HOUSE: readonly string[] = ["ok", "test", "compile"];

/** Files of the table that are no commands. */
const PLACES: readonly string[] = [
  "lib/failsafe/mod.ts",
  "lib/alerts/mod.ts",
  "config/dev.config.template",
  "Dockerfile",
  ".github/workflows/ci.yml",
  ".github/workflows/benchmark.yml",
  ".github/workflows/stability.yml",
  ".github/workflows/release.yml",
];

function parse(line: string): ParsedCommand {
  const request = resolveCommand(program, line.split(" "));
  assert(request.type === "command", line);
  const command = program.commands.find(({ name }) => name === request.command.name)!;
  return parseCommand(command, request.argv, { shared: program.flags });
}

function isFile(path: string): Promise<boolean> {
  return Deno.stat(join(ROOT, path)).then((info) => info.isFile, () => false);
}

for (const [name, lines] of Object.entries(TABLE)) {
  Deno.test({
    name: `${name} is a task, a script and a subcommand, and takes the specification's spelling`,
    async fn() {
      const script = `scripts/${name.replaceAll("-", "_")}.ts`;
      assert(await isFile(script), script);
      assert(Object.hasOwn(tasks, name), `there is no task ${name}`);
      assert(program.commands.some((command) => command.name === name), `there is no subcommand ${name}`);
      const help = await call([name, "--help"]);
      assertEquals([help.code, help.err], [0, ""]);
      assertStringIncludes(help.out, `Usage: civitai-dl ${name}`);
      for (const line of lines) parse(line);
    },
  });
}

Deno.test("tasks of the checkout and other files of the table exist", async () => {
  for (const name of HOUSE) assert(Object.hasOwn(tasks, name), name);
  for (const path of PLACES) assert(await isFile(path), path);
});

Deno.test("values in the specification's spelling mean what it says", () => {
  assertEquals(parse("stability --duration=14400").flags.duration, parse("stability --duration 4h").flags.duration);
  assertEquals(parse("stability --report-interval=900").flags.reportInterval, 900_000);
  assertEquals(parse("benchmark --phase=phase3").flags.phase, 3);
  assertEquals(parse("check-regression --baseline=main --current=HEAD --threshold=0.05").flags.threshold, 0.05);
  assertEquals(parse("--force-sync-mode --max-retries=5").flags.maxRetries, 5);
});

Deno.test("benchmark-compare asks what a bare number of --duration means", () => {
  const error = assertThrows(() => parse("benchmark-compare --comprehensive --duration 30"), KitError);
  assertEquals(error.code, "usage");
  assertStringIncludes(error.message, "say 30m or 30s");
});

Deno.test("--version and --help of the program work", async () => {
  for (const flag of ["--version", "--help"]) assertEquals((await call([flag])).code, 0);
});
