import { EXIT_CODES, KitError } from "../lib/base/mod.ts";
import {
  type CommandContext,
  confirm,
  defineCommand,
  type Flag,
  type FlagsOf,
  Outcome,
  renderTable,
} from "../lib/cli/mod.ts";
import { openRepository, type Repository } from "../lib/git/mod.ts";
import { denoWords, requireCheckout } from "./_frame/program_form.ts";
import { runScript } from "./_frame/run_script.ts";
import { ShownReport } from "./_frame/report/shown_report.ts";
import { createDevConfig, DEV_CONFIG, hasDevConfig, readTemplate } from "./_setup/dev_config.ts";
import {
  explainMissingDeno,
  HOOKS_FOLDER,
  type HooksState,
  readHooks,
  setHooks,
  unsetHooks,
} from "./_setup/git_hooks.ts";
import { findTool, type FoundTool, TOOLS } from "./_setup/tool_versions.ts";

const FLAGS = [
  {
    name: "hooks",
    type: "boolean",
    summary: "Let git check what is staged before each commit; --no-hooks does not ask",
  },
  { name: "undo", setting: "none", type: "boolean", summary: "Turn the git hooks off again" },
  { name: "yes", short: "y", type: "boolean", summary: "Turn the git hooks on without asking" },
  { name: "dry-run", setting: "none", type: "boolean", summary: "Show what would be done" },
] as const satisfies readonly Flag[];

type Context = CommandContext<FlagsOf<typeof FLAGS>>;

/** The `dev-setup` command: prepares a checkout for work on the program. */
export const command = defineCommand({
  name: "dev-setup",
  group: "Maintenance",
  permissions: "gate",
  summary: "Prepare a checkout for work on the program: versions, settings, git hooks",
  description:
    "Checks the versions of the programs that are needed, and names those without which some tests are skipped. Creates " +
    "config/dev.config from its template, readable for you only; an existing one is kept. On a terminal, it asks for an " +
    "API key, which is not needed for work on the sandbox, and whether to turn on the git hook.\n\n" +
    "The hook checks the staged content before each commit: format, lint and types of the changed files, and that no " +
    "secret is among them. It is turned on by core.hooksPath of this repository, unless that leads elsewhere already. " +
    "--undo turns it off.",
  flags: FLAGS,
  excludes: [["hooks", "undo"], ["yes", "undo"]],
  examples: [
    { command: "civitai-dl dev-setup", summary: "Ask what to do" },
    { command: "civitai-dl dev-setup --hooks", summary: "With the git hook, without asking about it" },
    { command: "civitai-dl dev-setup --undo", summary: "Turn the git hook off" },
  ],
  exits: {
    1: "A program that is needed is missing or too old",
    4: "Something cannot be written, or has other git hooks",
  },
  async run(context): Promise<Outcome> {
    const root = requireCheckout("dev-setup");
    const { flags } = context;
    const repository = await findRepository(root);
    if (flags.undo) return await undo(context, repository);
    const tools = await Promise.all(TOOLS.map(findTool));
    const config = await prepareConfig(context, root);
    const hooks = await prepareHooks(context, repository);
    const missing = tools.filter((tool) => tool.needs !== null && !tool.isEnough);
    const report = { root, tools, config, hooks, next: NEXT_STEPS };
    return new Outcome(
      new ShownReport(report, renderSetup(tools, config, hooks)),
      missing.length === 0 ? 0 : EXIT_CODES.failed,
    );
  },
  render: (shown: ShownReport) => shown.text(),
});

/** Here the table needs the width of what starts Deno. */
const DENO = denoWords().join(" ");

const NEXT_STEPS = [
  { command: `${DENO} task demo`, purpose: "see the main job, without a network" },
  { command: `${DENO} test -P tests/cli/`, purpose: "run the tests of one room" },
  { command: `${DENO} task ok --skip-tests`, purpose: "check format, lint, types and documents" },
  { command: `${DENO} task download --config ${DEV_CONFIG} --user brambleforge`, purpose: "work against the sandbox" },
  { command: "git switch -c feature/my-change", purpose: "begin; CONTRIBUTING.md says the rest" },
];

async function findRepository(root: string): Promise<Repository | null> {
  try {
    return await openRepository(root);
  } catch (error) {
    if (error instanceof KitError) return null;
    throw error;
  }
}

async function prepareConfig({ flags, io, signal }: Context, root: string): Promise<string> {
  if (await hasDevConfig(root)) return `${DEV_CONFIG} is kept`;
  const template = await readTemplate(root);
  if (flags.dryRun) return `${DEV_CONFIG} would be created`;
  const mayAsk = io.inIsTerminal && io.errIsTerminal && !flags.yes && !flags.json;
  const question = "API key for the real Civitai (Enter for none; the sandbox needs none): ";
  const key = mayAsk ? (await io.readSecret(question, { signal }) ?? "").trim() : "";
  await createDevConfig(root, template, key);
  return `${DEV_CONFIG} is created, ${key === "" ? "without" : "with"} an API key`;
}

async function prepareHooks(context: Context, repository: Repository | null): Promise<string> {
  const { flags, sourceOf, io, signal } = context;
  const isGiven = sourceOf("hooks") !== undefined && sourceOf("hooks") !== "default";
  const isWanted = flags.hooks || flags.yes;
  if (repository === null) {
    if (!isWanted) return "no git hooks: this is not a git repository";
    throw new KitError("usage", "Cannot turn the git hooks on: this is not a git repository, or git is missing", {
      hint: "Clone the project with git",
    });
  }
  const state = await readHooks(repository.root, repository.commonFolder);
  const missing = explainMissingDeno(denoWords());
  const note = missing === null ? "" : `; ${missing}`;
  if (state.type === "ours") return `the git hooks are on${note}`;
  if (isGiven && !flags.hooks) return "the git hooks stay off";
  const obstacle = obstacleOf(state);
  if (obstacle !== null) {
    if (!isWanted) return `the git hooks stay off: ${obstacle}`;
    throw new KitError("unsafe", `Cannot turn the git hooks on: ${obstacle}`, {
      hint: `Call ${HOOKS_FOLDER}/pre-commit from your own hook, or take the other setting away`,
    });
  }
  if (flags.dryRun) return isWanted ? "the git hooks would be turned on" : "you would be asked about the git hooks";
  const canAsk = io.inIsTerminal && io.errIsTerminal && !flags.json;
  if (!isWanted && !canAsk) return "the git hooks stay off; --hooks turns them on";
  const question = "Check what is staged before each commit (git config core.hooksPath)?";
  if (!isWanted && !await confirm(io, question, { signal })) return "the git hooks stay off";
  await setHooks(repository.root);
  return `the git hooks are turned on; --undo turns them off${note}`;
}

function obstacleOf(state: HooksState): string | null {
  if (state.type === "elsewhere") return `core.hooksPath of git is "${state.path}" (${state.scope})`;
  if (state.type === "own hooks") {
    return `there are hooks in .git/hooks that would no longer run: ${state.names.join(", ")}`;
  }
  return null;
}

async function undo({ flags }: Context, repository: Repository | null): Promise<Outcome> {
  if (repository === null) throw new KitError("usage", "Cannot turn the git hooks off: this is not a git repository");
  const state = await readHooks(repository.root, repository.commonFolder);
  const isOurs = state.type === "ours";
  if (isOurs && !flags.dryRun) await unsetHooks(repository.root);
  const done = `the git hooks ${flags.dryRun ? "would be" : "are"} turned off`;
  const hooks = isOurs ? done : "the git hooks of this project are not on";
  return new Outcome(new ShownReport({ hooks }, `${sentence(hooks)}; ${DEV_CONFIG} is kept\n`), 0);
}

function renderSetup(tools: readonly FoundTool[], config: string, hooks: string): string {
  const table = renderTable(tools, [
    { title: "Program", value: (tool) => tool.name },
    { title: "Version", value: (tool) => tool.version ?? "missing" },
    { title: "", value: noteOf },
  ], { width: Infinity });
  const steps = renderTable(NEXT_STEPS, [
    { title: "Next", value: (step) => step.command },
    { title: "", value: (step) => step.purpose },
  ], { width: Infinity });
  return `${table}\n${sentence(config)}\n${sentence(hooks)}\n\n${steps}`;
}

function noteOf({ version, needs, isEnough, purpose }: FoundTool): string {
  if (needs !== null) return isEnough ? purpose : `${needs} is needed for ${purpose}`;
  return version === null ? `optional; skipped without it: ${purpose}` : purpose;
}

function sentence(text: string): string {
  return text.startsWith(DEV_CONFIG) ? text : text.charAt(0).toUpperCase() + text.slice(1);
}

if (import.meta.main) await runScript(command);
