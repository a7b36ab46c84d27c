import { defineCommand } from "../lib/cli/mod.ts";
import { runScript } from "./_frame/run_script.ts";
import { checkHealth, HEALTH_EXITS, HEALTH_FLAGS } from "./_health/check_health.ts";
import { renderCheckedHealth } from "./_health/render_health.ts";

/** The `health-check` command: `doctor` by the name that the specification gives it. */
export const command = defineCommand({
  name: "health-check",
  group: "Operation",
  permissions: "doctor",
  summary: "Check this installation and a library: doctor without an argument",
  description: "The checks of doctor, by another name: the cause of what is wrong in the first line, then one command.",
  flags: HEALTH_FLAGS,
  excludes: [["base-url", "sandbox"], ["offline", "sandbox"]],
  worksWithoutConfig: true,
  examples: [
    { command: "civitai-dl health-check", summary: "What is wrong, and what to do" },
    { command: "civitai-dl health-check --offline --json", summary: "For a script, without any request" },
  ],
  exits: HEALTH_EXITS,
  run: checkHealth,
  render: renderCheckedHealth,
});

if (import.meta.main) await runScript(command);
