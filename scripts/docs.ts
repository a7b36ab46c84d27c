import { join } from "node:path";
import { KitError } from "../lib/base/mod.ts";
import { defineCommand, loadProgram, renderFlagTable, renderManPage } from "../lib/cli/mod.ts";
import { program as lazyProgram } from "../cli.ts";
import { grafanaDashboard } from "./_docs/grafana_dashboard.ts";
import { tasksOf, withTasks } from "./_docs/tasks.ts";
import { checkDocumentedCommands, type DocumentedProgram } from "./_docs/check_documented_commands.ts";
import { listPagePaths } from "../checks/mod.ts";
import { runbookModule } from "./_docs/runbook_pages.ts";
import { textModules } from "./_docs/text_modules.ts";
import { type JsonSchema, renderSettingsPage } from "./_docs/settings_page.ts";
import { settingsSchema } from "./_docs/settings_schema.ts";
import { strategyJsonSchema } from "../lib/release/mod.ts";
import { requireCheckout } from "./_frame/program_form.ts";
import { runScript } from "./_frame/run_script.ts";

/** The `docs` task: writes the files that are generated from the commands. */
export const command = defineCommand({
  name: "docs",
  summary:
    "Generate what is made from the commands, the runbook and other texts: tasks, reference, manual page, dashboard, schema, modules",
  flags: [{
    name: "check",
    type: "boolean",
    summary: "Fail if they are out of date, or if a page shows a command that does not exist",
  }],
  async run({ flags }) {
    const root = requireCheckout("docs");
    const program = await loadProgram(lazyProgram);
    const sections = program.commands.map((entry) =>
      [
        `## ${entry.name}`,
        entry.summary + ".",
        ...entry.description === undefined ? [] : [entry.description],
        ...entry.details === undefined ? [] : [entry.details],
        renderFlagTable(entry),
      ].join("\n\n")
    );
    const markdown = `# Commands\n\nMade from the commands themselves by \`deno task docs\`; do not edit.\n\n${
      sections.join("\n\n")
    }\n`;
    const man = renderManPage(program, { date: "2026-11-25" });
    const dashboard = `${JSON.stringify(grafanaDashboard(), null, 2)}\n`;
    const settings = settingsSchema(program.commands);
    const strategy = strategyJsonSchema();
    const files = {
      "docs/commands.md": await formatted(markdown, "md"),
      "docs/settings.md": await formatted(await settingsPage(root, settings, strategy), "md"),
      "docs/civitai-dl.1": man,
      "docs/grafana.json": await formatted(dashboard, "json"),
      "lib/runbook/_pages.ts": await runbookModule(root),
      ...await textModules(root),
      "deno.json": await formatted(withTasks(await Deno.readTextFile("deno.json"), program.commands), "json"),
      "config/civitai-dl.schema.json": await formatted(JSON.stringify(settings), "json"),
      "config/branches.schema.json": await formatted(JSON.stringify(strategy), "json"),
    };
    for (const [path, text] of Object.entries(files)) {
      if (!flags.check) await Deno.writeTextFile(path, text);
      else if (await Deno.readTextFile(path) !== text) throw stale(path);
    }
    if (flags.check) await checkCommands({ program, tasks: tasksOf(program.commands) });
    return { files: Object.keys(files) };
  },
});

/** The reference of the configuration files. */
async function settingsPage(root: string, settings: JsonSchema, strategy: JsonSchema): Promise<string> {
  const read = async (name: string) =>
    JSON.parse(await Deno.readTextFile(join(root, "config", `${name}.schema.json`))) as JsonSchema;
  const main =
    "The program's own settings; [configuration](guide/configuration.md) says where the file lies. A key of " +
    "a command applies to it alone if it stands below the command's name.";
  return renderSettingsPage({ name: "civitai-dl.yml", text: main, schema: settings }, [
    { name: "alerts.yml", text: "Rules and receivers of [alerts](alerts.md).", schema: await read("alerts") },
    { name: "rollout.yml", text: "Steps and judge of a [rollout](rollout.md).", schema: await read("rollout") },
    { name: "branches.yml", text: "The strategy of [branches](branches.md) and releases.", schema: strategy },
    { name: "phases.yml", text: "The conditions of the [gate](gate.md).", schema: await read("phases") },
  ]);
}

/** Check the commands in the shell blocks of all pages. */
async function checkCommands(known: DocumentedProgram): Promise<void> {
  const problems: string[] = [];
  for (const path of await listPagePaths()) {
    problems.push(...checkDocumentedCommands(path, await Deno.readTextFile(path), known));
  }
  if (problems.length > 0) throw new KitError("failed", `Cannot accept commands in pages: ${problems.join("; ")}`);
}

function stale(path: string): KitError {
  return new KitError("failed", `Cannot accept "${path}": it is out of date`, {
    hint: "Run deno task docs",
  });
}

async function formatted(text: string, extension: "md" | "json"): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "-q", "--no-config", "--line-width=120", `--ext=${extension}`, "-"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  return new TextDecoder().decode((await child.output()).stdout);
}

if (import.meta.main) await runScript(command);
