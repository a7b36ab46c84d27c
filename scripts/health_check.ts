import { formatCount, KitError } from "../lib/base/mod.ts";
import { defineCommand, type ExitReason, type Flag, withExit } from "../lib/cli/mod.ts";
import type { HealthFix, HealthReport, HealthStatus } from "../lib/health/mod.ts";
import { runScript } from "./_frame/run_script.ts";
import { CHECK_NAMES, PLACE_FLAGS } from "./_health/health_flags.ts";
import { renderHealth } from "./_health/render_health.ts";

/** What was found, and what was put right. */
interface HealthCheckResult extends HealthReport {
  readonly fixes: readonly HealthFix[];
}

const FLAGS = [
  {
    name: "only",
    type: "choice",
    summary: "Only these checks",
    choices: CHECK_NAMES,
    multiple: true,
    split: ",",
    placeholder: "CHECK",
  },
  { name: "fix", setting: "none", type: "boolean", summary: "Put right what is safe, then check; nothing is deleted" },
  { name: "dry-run", setting: "none", type: "boolean", summary: "With --fix: only show what would be done" },
  ...PLACE_FLAGS,
] as const satisfies readonly Flag[];

const EXITS: Readonly<Record<HealthStatus, number>> = { ok: 0, warn: 0, fail: 1, skipped: 3 };

/** The `health-check` command: says what is wrong with this installation and a library, and what to do next. */
export const command = defineCommand({
  name: "health-check",
  group: "Operation",
  summary: "Check API, key, disk, catalog, state and running instances, and say what to do next",
  description: [
    "Each line has a check, its verdict and what was measured; below it, after an arrow, the next commands. The API is asked once, and not at all " +
    "while the breaker of its host is open or with --offline. Works without a network and with a corrupt state folder. " +
    "Only a file of 8 MiB is written and removed, to measure the disk.",
    "--fix takes permissions of other users away from private files, and renames corrupt state files to NAME.corrupt. It " +
    "deletes nothing, and refuses to touch the state of a running download.",
  ].join("\n\n"),
  flags: FLAGS,
  excludes: [["base-url", "sandbox"], ["offline", "sandbox"]],
  worksWithoutConfig: true,
  examples: [
    { command: "civitai-dl health-check", summary: "What is wrong, and what to do" },
    { command: "civitai-dl health-check --offline --json", summary: "For a script, without any request" },
    { command: "civitai-dl health-check --only catalog,state,instance", summary: "Only these checks" },
    { command: "civitai-dl health-check --fix --dry-run", summary: "What could be put right" },
  ],
  exits: {
    0: "Healthy, or only warnings",
    1: "A check failed",
    3: "Nothing could be judged: all checks were skipped",
    4: "With --fix: a run holds the library",
  },
  async run(context): Promise<unknown> {
    const { flags, display } = context;
    if (flags.dryRun && !flags.fix) {
      throw new KitError("usage", "Cannot use --dry-run without --fix: a check changes nothing", {
        hint: "Add --fix, or leave --dry-run out",
      });
    }
    const [{ fixHealth, HEALTH_CHECKS, runHealthChecks }, { openHealthPlace }] = await Promise.all([
      import("../lib/health/mod.ts"),
      import("./_health/open_health_place.ts"),
    ]);
    const names = new Set<string>(flags.only.length > 0 ? flags.only : CHECK_NAMES);
    await using opened = await openHealthPlace(context);
    const { place } = opened;
    const fixes = flags.fix ? await fixHealth(place, { isDryRun: flags.dryRun, checks: names }) : [];
    using area = display.openStatus({ summary: () => undefined });
    const checks = HEALTH_CHECKS.filter(({ name }) => names.has(name)).map((check) => ({
      ...check,
      run(where: Parameters<typeof check.run>[0]) {
        area.update([check.question]);
        return check.run(where);
      },
    }));
    const report = await runHealthChecks(place, { checks });
    const result: HealthCheckResult = { ...report, fixes };
    return withExit(result, EXITS[report.status], explainFailure(report));
  },
  render: ({ checks, fixes }: HealthCheckResult, { color, width }) => {
    const done = fixes.map(({ outcome, path, action, problem }) =>
      `${outcome === "done" ? "fixed" : outcome}: ${path}: ${action}${problem === null ? "" : `: ${problem}`}\n`
    );
    return `${done.join("")}${renderHealth(checks, { color, width })}`;
  },
});

/** Name the checks that failed, and what to do about the first. */
function explainFailure({ checks }: HealthReport): ExitReason | undefined {
  const failed = checks.filter(({ status }) => status === "fail");
  const [first] = failed;
  if (first === undefined) return undefined;
  return {
    message: `${formatCount(failed.length, "check")} failed: ${
      failed.map(({ name, measured }) => `${name}: ${measured}`).join("; ")
    }`,
    hint: first.remedy ?? undefined,
  };
}

if (import.meta.main) await runScript(command);
