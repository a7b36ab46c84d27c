import { formatCount, formatDuration, KitError, VERSION } from "../lib/base/mod.ts";
import { createPaint, defineCommand, renderTable, withExit } from "../lib/cli/mod.ts";
import { bypassProxy } from "./_frame/bypass_proxy.ts";
import { requireLocalProgram } from "./_frame/program_form.ts";
import { runScript } from "./_frame/run_script.ts";
import { runStages, type TestStep } from "./_self_test/run_stages.ts";

interface EmergencyResult {
  /** Version of the program. */
  readonly programVersion: string;
  readonly isOk: boolean;
  readonly paths: readonly TestStep[];
  readonly durationMs: number;
}

/** The ways through the program that are tried, one stage each, in order. A test compares them with the stages. */
export const PATH_NAMES = [
  "version",
  "self-test",
  "stable",
  "resilient",
  "parallel",
  "turbo",
  "resume",
  "fallback",
  "verify",
  "rollback",
  "alerts",
  "secrets",
] as const;

/** The `emergency-test` command: tries what must never break, before a hotfix goes out. */
export const command = defineCommand({
  name: "emergency-test",
  group: "Operation",
  permissions: "demo",
  summary: "Try within a minute, without a network, what must never break",
  description: [
    "Starts the built-in Civitai and runs this program as processes of its own in an empty folder: its version and " +
    "self-test, a download by each engine, a resume after SIGKILL, the fallback from turbo to stable, verify and repair, " +
    "the rollback of the version, an alert to a receiver on this machine, and a search for leaked keys. All paths " +
    "are tried, also after one has failed.",
    "Your library, your settings and your API key are not used. Run it after a hotfix and before its release.",
  ].join("\n\n"),
  flags: [{
    name: "only",
    setting: "none",
    type: "choice",
    summary: "Only these paths",
    choices: PATH_NAMES,
    multiple: true,
    split: ",",
    placeholder: "PATH",
  }],
  worksWithoutConfig: true,
  examples: [
    { command: "civitai-dl emergency-test", summary: "Is it safe to release this hotfix?" },
    { command: "civitai-dl emergency-test --only resume,fallback", summary: "Only these paths" },
    { command: "civitai-dl emergency-test --json", summary: "The same for a program to read" },
  ],
  exits: { 1: "A path is broken; the output names it" },
  async run({ flags, signal, display }) {
    requireLocalProgram("emergency-test");
    if (Deno.build.os === "windows") {
      throw new KitError("usage", "Cannot run emergency-test: it needs SIGKILL and sh, which this system lacks", {
        hint: "Run civitai-dl self-test here, and emergency-test on Linux or macOS",
      });
    }
    bypassProxy();
    const [{ EmergencyPlace }, { emergencyStages }] = await Promise.all([
      import("./_self_test/emergency_place.ts"),
      import("./_self_test/emergency_stages.ts"),
    ]);
    const start = performance.now();
    const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "civitai-dl-emergency-" }));
    const paths: TestStep[] = [];
    try {
      await using place = await EmergencyPlace.open(folder, signal);
      const wanted = new Set<string>(flags.only.length > 0 ? flags.only : PATH_NAMES);
      const stages = Object.entries(emergencyStages(place)).filter(([name]) => wanted.has(name));
      using area = display.openStatus();
      area.update(["Trying the first path"]);
      for await (const step of runStages(Object.fromEntries(stages), { signal })) {
        paths.push(step);
        area.update([`${paths.length} of ${stages.length} paths tried; the last was ${step.name}`]);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
    const isOk = paths.every((path) => path.isOk);
    const result: EmergencyResult = {
      programVersion: VERSION,
      isOk,
      paths,
      durationMs: performance.now() - start,
    };
    return withExit(result, isOk ? 0 : 1);
  },
  render({ paths, durationMs, programVersion }: EmergencyResult, { color }) {
    const paint = createPaint({ color });
    const table = renderTable(paths, [
      { title: "PATH", value: ({ name }) => name },
      {
        title: "VERDICT",
        value: ({ isOk }) => isOk ? "ok" : "BROKEN",
        paint: (text, { isOk }) => isOk ? paint.green(text) : paint.red(text),
      },
      { title: "TIME", value: (path) => formatDuration(Math.max(1, Math.round(path.durationMs))), align: "right" },
      { title: "FOUND", value: ({ detail }) => detail },
    ], { width: Infinity });
    const broken = paths.filter(({ isOk }) => !isOk).length;
    const verdict = broken === 0 ? "all work" : `${broken} BROKEN`;
    const total = formatDuration(Math.round(durationMs));
    return `${table}civitai-dl ${programVersion}: ${formatCount(paths.length, "path")}, ${verdict}, in ${total}\n`;
  },
});

if (import.meta.main) await runScript(command);
