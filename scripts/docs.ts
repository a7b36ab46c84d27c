import { KitError } from "../lib/base/mod.ts";
import { type Command, defineCommand, type LoadedProgram, renderFlagTable, renderManPage } from "../lib/cli/mod.ts";
import { program } from "../cli.ts";
import { renderApiPage } from "./_docs/api_page.ts";
import { listCommands, type ListedCommands } from "./_docs/list_commands.ts";
import { commandIndex, commandsModule } from "./_docs/register_commands.ts";
import { bundlePage } from "./_docs/bundle_page.ts";
import { HOUSE_TASK_NAMES, tasksOf, withTasks } from "./_docs/tasks.ts";
import { checkDocumentedCommands, type DocumentedProgram } from "./_docs/check_documented_commands.ts";
import {
  CHECK_NAMES,
  listPagePaths,
  type PageTexts,
  parsePageTexts,
  translatePage,
  translationPath,
} from "../checks/mod.ts";
import { type FlagsFile, type JsonSchema, renderSettingsPage, type SettingsFile } from "./_docs/settings_page.ts";
import { settingsSchema } from "./_docs/settings_schema.ts";
import { alertsJsonSchema } from "../lib/alerts/mod.ts";
import { gateJsonSchema } from "../lib/gate/mod.ts";
import { strategyJsonSchema } from "../lib/release/mod.ts";
import { rolloutJsonSchema } from "../lib/rollout/mod.ts";
import { requireCheckout } from "./_frame/program_form.ts";
import { runHouseScript } from "./_frame/run_script.ts";

/** The `docs` task: writes the files that are generated, most of them from the commands. */
export const command = defineCommand({
  name: "docs",
  summary: "Generate what is made from the commands: their registration, tasks, reference, manual page, schemas",
  flags: [{
    name: "check",
    type: "boolean",
    summary: "Fail if they are out of date, or if a page shows a command that does not exist",
  }],
  async run({ flags }) {
    requireCheckout("docs");
    const listed = await listCommands(new URL("./", import.meta.url));
    const commands = [...listed.program, ...listed.checkout];
    const installed: LoadedProgram = { ...program, commands: listed.program };
    const known: LoadedProgram = { ...program, commands };
    const man = renderManPage(installed, { date: "2026-11-25" });
    const settings = settingsSchema(installed.commands);
    const strategy = strategyJsonSchema();
    // The schemas of files that people write, and of reports that programs read.
    const schemas: Readonly<Record<string, JsonSchema>> = {
      "civitai-dl": settings,
      branches: strategy,
      alerts: alertsJsonSchema(),
      phases: gateJsonSchema({ checks: CHECK_NAMES }),
      rollout: rolloutJsonSchema(),
    };
    const own = ownSettings(installed.commands);
    const others = settingsFiles(schemas);
    const pages = {
      [COMMANDS_PAGE]: await formatted(commandsPage("Commands", installed.commands), "md"),
      [MAINTENANCE_PAGE]: await formatted(
        commandsPage("Commands of a checkout", listed.checkout),
        "md",
      ),
      [SETTINGS_PAGE]: await formatted(renderSettingsPage(own, others), "md"),
      [API_PAGE]: await formatted(renderApiPage(), "md"),
    };
    const files: Record<string, string> = {
      ...pages,
      "docs/civitai-dl.1": man,
      ...await registers(listed),
      ...await bundlePage(),
      "deno.json": await formatted(withTasks(await Deno.readTextFile("deno.json"), commands), "json"),
    };
    for (const [name, schema] of Object.entries(schemas)) {
      files[`config/${name}.schema.json`] = await formatted(JSON.stringify(schema), "json");
    }
    const writeOrCompare = flags.check ? compareFiles : writeFiles;
    await writeOrCompare(files);
    // Whoever has to translate a changed page finds the English one already written.
    const names = [...commands, own, ...others].map(({ name }) => name);
    const translated = await translatePages(pages, names);
    await writeOrCompare(translated);
    if (flags.check) await checkCommands({ program: known, tasks: tasksOf(commands) });
    return { files: [...Object.keys(files), ...Object.keys(translated)] };
  },
});

const COMMANDS_PAGE = "docs/commands.md";
const MAINTENANCE_PAGE = "docs/maintenance.md";
const SETTINGS_PAGE = "docs/settings.md";
const API_PAGE = "docs/api.md";

function commandsPage(title: string, commands: readonly Command[]): string {
  const sections = commands.map((entry) =>
    [
      `## ${entry.name}`,
      entry.summary + ".",
      ...entry.description === undefined ? [] : [entry.description],
      ...entry.details === undefined ? [] : [entry.details],
      renderFlagTable(entry),
    ].join("\n\n")
  );
  return `# ${title}\n\nMade from the commands themselves by \`deno task docs\`; do not edit.\n\n${
    sections.join("\n\n")
  }\n`;
}

/** The modules by which the program and the frame know the commands. */
async function registers(listed: ListedCommands): Promise<Readonly<Record<string, string>>> {
  const { program, checkout } = listed;
  const tasks = [...checkout.map(({ name }) => name), ...HOUSE_TASK_NAMES];
  const modules = {
    "scripts/_commands.ts": commandsModule("COMMANDS", "The commands of the program.", program),
    "scripts/_checkout_commands.ts": commandsModule("CHECKOUT_COMMANDS", "The commands of a checkout.", checkout),
    "scripts/_frame/command_index.ts": commandIndex(listed, tasks),
  };
  const formats = Object.entries(modules).map(async ([path, text]) => [path, await formatted(text, "ts")] as const);
  return Object.fromEntries(await Promise.all(formats));
}

async function writeFiles(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) await Deno.writeTextFile(path, text);
}

async function compareFiles(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) if (await Deno.readTextFile(path) !== text) throw stale(path);
}

/** The program's own configuration file. */
function ownSettings(commands: readonly Command[]): FlagsFile {
  return {
    name: "civitai-dl.yml",
    text: "The program's own settings; [configuration](guide/configuration.md) says where the file lies. These keys " +
      "stand at the top of the file, and count for all commands that are named here. In the section of a command, they " +
      "count for it alone.",
    sectionsText:
      "These keys stand in the section of a command, and say what it does. What is missing here, such as `dry-run`, is " +
      "only typed.",
    commands,
  };
}

/** The other configuration files. */
function settingsFiles(schemas: Readonly<Record<string, JsonSchema>>): readonly SettingsFile[] {
  return [
    { name: "alerts.yml", text: "Rules and receivers of [alerts](alerts.md).", schema: schemas["alerts"]! },
    { name: "rollout.yml", text: "Steps and judge of a [rollout](rollout.md).", schema: schemas["rollout"]! },
    {
      name: "branches.yml",
      text: "The strategy of [branches](branches.md) and releases.",
      schema: schemas["branches"]!,
    },
    { name: "phases.yml", text: "The conditions of the [gate](gate.md).", schema: schemas["phases"]! },
  ];
}

/** Translate the generated pages by the texts beside their translations. What a flag means is in those of commands. */
async function translatePages(
  english: Readonly<Record<string, string>>,
  names: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const shared = await readTexts(COMMANDS_PAGE);
  const pages = [...await listPagePaths(), ...Object.keys(english).map((page) => translationPath(page, "ja"))];
  const translated: Record<string, string> = {};
  for (const [page, markdown] of Object.entries(english)) {
    const texts = page === COMMANDS_PAGE ? shared : await readTexts(page);
    translated[translationPath(page, "ja")] = translatePage(markdown, texts, { page, pages, names, shared });
  }
  return translated;
}

async function readTexts(page: string): Promise<PageTexts> {
  const file = translationPath(page, "ja").replace(/\.md$/, ".yml");
  return parsePageTexts(await Deno.readTextFile(file), file);
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

/** Format a text as `deno fmt` does with a file: again, until nothing changes. */
async function formatted(text: string, extension: "md" | "json" | "ts"): Promise<string> {
  let last = text;
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const next = await formatOnce(last, extension);
    if (next === last) break;
    last = next;
  }
  return last;
}

const MAX_PASSES = 4;

async function formatOnce(text: string, extension: "md" | "json" | "ts"): Promise<string> {
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

if (import.meta.main) await runHouseScript(command);
