import { KitError, shell } from "../lib/base/mod.ts";
import { type Column, defineCommand, type Flag, type FlagsOf, renderTable } from "../lib/cli/mod.ts";
import { resolveCommit } from "../lib/git/mod.ts";
import {
  buildVersion,
  findInstalled,
  type InstalledVersion,
  installFolder,
  parseReleaseVersion,
  programOf,
  readInstallation,
  removeVersion,
  switchVersion,
} from "../lib/installation/mod.ts";
import { readBranchStrategy } from "./_branch/branch_strategy.ts";
import { findRepository } from "./_installation/find_repository.ts";
import { PREFIX_FLAG, REPO_FLAG } from "./_installation/installation_flags.ts";
import { runScript } from "./_frame/run_script.ts";

const ACTIONS = ["list", "add", "switch", "remove"] as const;

const FLAGS = [
  PREFIX_FLAG,
  REPO_FLAG,
  {
    name: "form",
    type: "choice",
    summary: "With add: one JavaScript file with a launcher, or one executable",
    choices: ["bundle", "executable"],
    default: "bundle",
  },
  { name: "switch", type: "boolean", summary: "With add: use the version at once; the first one is always used" },
  { name: "dry-run", setting: "none", type: "boolean", summary: "Show what would be done" },
] as const satisfies readonly Flag[];

type Flags = FlagsOf<typeof FLAGS>;

interface ListedInstall extends InstalledVersion {
  /** Path of its program. */
  readonly program: string;
  readonly use: "current" | "previous" | null;
}

interface InstallResult {
  readonly folder: string;
  /** What was done, as a sentence; `null` for `list`. */
  readonly done: string | null;
  readonly versions: readonly ListedInstall[];
}

/** The `install` command: builds tagged versions of the program, keeps them side by side and chooses one. */
export const command = defineCommand({
  name: "install",
  group: "Operation",
  permissions: "install",
  summary: "Keep several versions of the program installed, and choose the one in use",
  description: [
    "list shows the installed versions. add TAG builds a tag of the repository in a temporary working tree and installs " +
    "it beside the others. switch VERSION changes the version in use by one atomic rename; programs that run keep " +
    "theirs. remove VERSION deletes one that is neither in use nor the previous one. Nothing is removed by itself.",
    "Add FOLDER/bin to PATH once: civitai-dl there is always the version in use. civitai-dl rollback goes back to an " +
    "earlier one and verifies it.",
  ].join("\n\n"),
  args: [
    { name: "ACTION", summary: "What to do; list is the default", choices: ACTIONS },
    { name: "VERSION", summary: "A tag such as v1.1.0; for switch and remove also the name that list shows" },
  ],
  flags: FLAGS,
  examples: [
    { command: "civitai-dl install add v1.1.0", summary: "Build and install a tag" },
    { command: "civitai-dl install", summary: "Which versions are installed, and which is in use" },
    { command: "civitai-dl install switch v1.0.3", summary: "Use another installed version" },
  ],
  exits: {
    1: "The tag could not be built",
    4: "Another process changes the installation, or the version is in use",
    6: "Packages of the tag are not in Deno's cache, and there is no network",
  },
  async run({ flags, args: [action = "list", word], env, display, signal }): Promise<InstallResult> {
    const folder = installFolder({ prefix: flags.prefix, env });
    const change = { word: word ?? "", flags, folder, signal, tell: (text: string) => display.log(text) };
    if (action !== "list" && word === undefined) {
      throw new KitError("usage", `Cannot ${action} a version: none is named`, {
        hint: shell`Write civitai-dl install ${action} v1.0.0`,
      });
    }
    const done = action === "list" ? null : await ACTS[action as keyof typeof ACTS](change);
    const { versions, current, previous } = await readInstallation(folder);
    const useOf = (name: string) => {
      if (name === current) return "current";
      return name === previous ? "previous" : null;
    };
    return {
      folder,
      done,
      versions: versions.map((one) => ({ ...one, program: programOf(folder, one.name), use: useOf(one.name) })),
    };
  },
  render: ({ folder, done, versions }: InstallResult, { width }) => {
    const head = done === null ? "" : `${done}\n`;
    if (versions.length === 0) return `${head}No version is installed in ${folder}\n`;
    const columns: readonly Column<ListedInstall>[] = [
      { title: "VERSION", value: (one) => one.name },
      { title: "USE", value: (one) => one.use ?? "" },
      { title: "BUILT", value: (one) => one.builtAt.slice(0, 10) },
      { title: "FORM", value: (one) => one.form },
      { title: "COMMIT", value: (one) => one.sha.slice(0, 9) },
    ];
    return `${head}${renderTable(versions, columns, { width })}In ${folder}\n`;
  },
});

interface Change {
  readonly word: string;
  readonly flags: Flags;
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly tell: (text: string) => void;
}

const ACTS: Readonly<Record<"add" | "switch" | "remove", (change: Change) => Promise<string>>> = {
  add: addVersion,
  async switch({ word, flags, folder, signal }) {
    const name = await requireInstalled(folder, word);
    if (flags.dryRun) return `Would switch to ${name}`;
    const { from } = await switchVersion(folder, name, { signal });
    return from === name ? `${name} is already in use` : `Switched to ${name}${from === null ? "" : ` from ${from}`}`;
  },
  async remove({ word, flags, folder }) {
    const name = await requireInstalled(folder, word);
    if (flags.dryRun) return `Would remove ${name}`;
    await removeVersion(folder, name);
    return `Removed ${name}`;
  },
};

async function addVersion({ word, flags, folder, signal, tell }: Change): Promise<string> {
  const repository = await findRepository(flags.repo);
  if (repository === null) {
    throw new KitError("usage", `Cannot build ${word}: there is no repository here`, {
      hint: "Run it in a checkout of the project, or name one with --repo",
    });
  }
  const { tag } = parseReleaseVersion(word, (await readBranchStrategy(repository.root)).tagForms);
  const sha = await resolveCommit(repository, `refs/tags/${tag}`);
  if (flags.dryRun) return `Would build ${tag} (commit ${sha.slice(0, 9)}) and install it in ${folder}`;
  tell(`Building ${tag} in a temporary working tree`);
  const { name } = await buildVersion(repository, {
    tag,
    sha,
    folder,
    form: flags.form,
    command: `install add ${tag}`,
    signal,
  });
  const { current } = await readInstallation(folder);
  if (current !== null && !flags.switch) return `Installed ${name}; ${current} stays in use`;
  await switchVersion(folder, name, { signal });
  return `Installed ${name}, which is now in use`;
}

async function requireInstalled(folder: string, word: string): Promise<string> {
  const installation = await readInstallation(folder);
  const found = findInstalled(installation, word);
  if (found !== null) return found.name;
  const names = installation.versions.map(({ name }) => name);
  throw new KitError("usage", `Cannot find version "${word}": it is not installed in "${folder}"`, {
    hint: names.length === 0
      ? "Nothing is installed there; build one with civitai-dl install add v1.0.0"
      : `Installed: ${names.join(", ")}`,
  });
}

if (import.meta.main) await runScript(command);
