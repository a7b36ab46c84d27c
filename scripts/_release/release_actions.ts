import { join } from "node:path";
import { KitError, readTextIfExists, shell, VERSION } from "../../lib/base/mod.ts";
import type { CommandContext, Flag, FlagsOf } from "../../lib/cli/mod.ts";
import {
  openRepository,
  OperationStore,
  readRefs,
  readRepositoryFacts,
  type Repository,
  type RepositoryFacts,
  requireNoOperation,
} from "../../lib/git/mod.ts";
import {
  compareReleaseVersions,
  listVersionTags,
  newestStable,
  parseReleaseVersion,
  readProductionReports,
  type TaggedStage,
  type VersionTag,
} from "../../lib/installation/mod.ts";
import {
  checkAgreement,
  describeUntracked,
  findChangelogSection,
  planPrepare,
  planStage,
  readReleaseStatus,
  readStrategyStatus,
  refuseUnsafeCheckout,
  releaseBranches,
  releaseGateOf,
  type ReleasePlan,
  type ReleaseStatus,
  type ReleaseSurvey,
  renderNotes,
  type Strategy,
  surveyReleases,
} from "../../lib/release/mod.ts";
import { IN_REPOSITORY } from "../_frame/command_index.ts";
import { type BranchChange, findReports, performPlan, readOverride } from "../_branch/branch_actions.ts";
import { readBranchStrategy } from "../_branch/branch_strategy.ts";

/** Flags of the `release` command. */
export const RELEASE_FLAGS = [
  { name: "version", setting: "none", type: "string", summary: "The same as VERSION", placeholder: "VERSION" },
  { name: "dry-run", setting: "none", type: "boolean", summary: "Print the git commands, and change nothing" },
  {
    name: "override",
    setting: "none",
    type: "string",
    summary: "Release without phase, gate and production test; commit or tag records the reason",
    placeholder: "REASON",
  },
  { name: "offline", setting: "none", type: "boolean", summary: "Use the last fetch; only with status and --dry-run" },
  { name: "remote", type: "string", summary: "Remote to use instead of the strategy's", placeholder: "NAME" },
  {
    name: "repo",
    type: "path",
    summary: "A folder in the repository",
    placeholder: "FOLDER",
    default: ".",
    carriedTo: IN_REPOSITORY,
  },
] as const satisfies readonly Flag[];

type ReleaseContext = CommandContext<FlagsOf<typeof RELEASE_FLAGS>>;

/** A release step that was taken, or would be. */
export interface ReleaseChange extends BranchChange {
  /** The tag that was made; `null` if none was. */
  readonly tag: string | null;
  readonly branch: string;
}

interface Opened {
  readonly repository: Repository;
  readonly facts: RepositoryFacts;
  readonly survey: ReleaseSurvey;
}

async function open({ flags, signal, display }: ReleaseContext): Promise<Opened> {
  const repository = await openRepository(flags.repo);
  const strategy = await readBranchStrategy(repository.root, (note) => display.notice(note));
  const { remote = strategy.remote, offline } = flags;
  const facts = await readRepositoryFacts(repository, { remote, isOffline: offline, signal });
  return { repository, facts, survey: await surveyReleases(strategy, facts) };
}

const CHANGES = ["prepare", "alpha", "beta", "candidate", "stable"];
/** Flags, and the actions that they go with. */
const GO_WITH: readonly (readonly [flag: string, actions: readonly string[]])[] = [
  ["version", [...CHANGES, "notes", "check"]],
  ["dry-run", CHANGES],
  ["override", CHANGES],
  ["offline", ["status", ...CHANGES]],
  ["remote", ["status", ...CHANGES, "notes"]],
];

/**
 * Refuse flags that an action would ignore: whoever gives them expects something of them.
 *
 * @throws {KitError} `usage` for the first such flag on the command line
 */
export function refuseIdleFlags({ args: [action = "status"], sourceOf }: ReleaseContext): void {
  for (const [flag, actions] of GO_WITH) {
    if (sourceOf(flag) !== "flag" || actions.includes(action)) continue;
    throw new KitError("usage", `Cannot use --${flag} with ${action}: it goes with ${actions.join(", ")}`, {
      hint: `Leave --${flag} out`,
    });
  }
}

/** Prepare a release, or tag one of its stages. */
export async function changeRelease(context: ReleaseContext): Promise<ReleaseChange> {
  const { flags, args: [action] } = context;
  const text = needVersion(context);
  if (flags.offline && !flags.dryRun) {
    throw new KitError("usage", "Cannot release offline: the remote has to agree", {
      hint: "Leave --offline out, or add --dry-run",
    });
  }
  const override = readOverride(context);
  if (!flags.dryRun) await requireNoOperation(await openRepository(flags.repo));
  const { repository, survey } = await open(context);
  refuseUnsafeCheckout(survey.checkout, survey.strategy.main);
  const date = new Date().toISOString().slice(0, 10);
  const plan = action === "prepare"
    ? await planPrepare(repository, text, { survey, date, override })
    : await planTagged(repository, text, { stage: action as TaggedStage, survey, date, override });
  const { tag, branch } = plan;
  const warnings = [...plan.warnings ?? [], ...describeUntracked(survey.checkout)];
  const until = tag === null ? {} : { until: " before it is published" };
  return { ...await performPlan(repository, { ...plan, warnings }, context, until), tag, branch };
}

interface Tagging {
  readonly stage: TaggedStage;
  readonly survey: ReleaseSurvey;
  readonly date: string;
  readonly override: string | null;
}

async function planTagged(repository: Repository, text: string, tagging: Tagging): Promise<ReleasePlan> {
  const production = await readProductionReports(reportFolders(repository));
  const reports = await findReports(repository.root);
  return await planStage(repository, text, { ...tagging, reports, production });
}

function needVersion({ flags, args: [action, word] }: ReleaseContext): string {
  if (word !== undefined && flags.version !== undefined && word !== flags.version) {
    throw new KitError("usage", `Cannot release "${word}" and --version ${flags.version}: they differ`, {
      hint: "Give one of them",
    });
  }
  const version = word ?? flags.version;
  if (version !== undefined) return version;
  throw new KitError("usage", `Cannot run release ${action}: it needs a version`, {
    hint: shell`For example: civitai-dl release ${action!} ${action === "check" ? "v1.1.0-rc.1" : "1.1.0"}`,
  });
}

/** Read what is released, and what can be done next. */
export async function readStatus(context: ReleaseContext): Promise<ReleaseStatus> {
  const { repository, facts, survey } = await open(context);
  const { offline } = context.flags;
  const store = new OperationStore(repository);
  const runner = await store.findRunner();
  const operation = await store.readCurrent();
  const { phases } = await readStrategyStatus(survey.strategy, { facts, operation, runner, isOffline: offline });
  const production = await readProductionReports(reportFolders(repository));
  return await readReleaseStatus(repository, { survey, phases, operation, runner, production, isOffline: offline });
}

function reportFolders({ root }: Repository): readonly string[] {
  return [join(root, "reports"), join(root, "docs", "evidence")];
}

/** The notes of a release as Markdown. */
export interface RenderedNotes {
  readonly version: string;
  readonly notes: string;
}

/** Read the notes of a release, which are its section of the changelog, from the checkout. */
export async function readReleaseNotes(context: ReleaseContext): Promise<RenderedNotes> {
  const { flags } = context;
  const repository = await openRepository(flags.repo);
  const { root } = repository;
  const strategy = await readBranchStrategy(root);
  const { tagForms } = strategy;
  const { base: version } = parseReleaseVersion(needVersion(context), tagForms);
  const section = findChangelogSection(await readTextIfExists(join(root, "CHANGELOG.md")) ?? "", version);
  if (section === null) {
    throw new KitError("usage", `Cannot show the notes of ${version}: CHANGELOG.md here has no section of it`, {
      hint: await findNotesHint(repository, { strategy, version, remote: flags.remote ?? strategy.remote }),
    });
  }
  return { version, notes: renderNotes(section.body) };
}

/** Say how to get the notes of a release: they are on its branch, or `prepare` gathers them. */
async function findNotesHint(
  repository: Repository,
  { strategy, version, remote }: { readonly strategy: Strategy; readonly version: string; readonly remote: string },
): Promise<string> {
  const refs = await readRefs(repository);
  const tag = `v${version}`;
  // The tag has them in its message, whatever is checked out.
  if (refs.has(`refs/tags/${tag}`)) return shell`It is released; see what its tag says: git show --no-patch ${tag}`;
  const branch = releaseBranches(strategy, version).find(({ name }) =>
    refs.has(`refs/heads/${name}`) || refs.has(`refs/remotes/${remote}/${name}`)
  );
  return branch === undefined
    ? shell`Gather them: civitai-dl release prepare ${version}`
    : shell`They are on the branch of the release: git switch ${branch.name}`;
}

/** The version on which tag, `deno.json`, changelog, manual page and program agree. */
export interface AgreedVersion {
  readonly agreed: string;
  /** Whether no stable version is higher, so that people get this one who do not name a version. */
  readonly isNewest: boolean;
  /** The newest stable version that is tagged here, such as `2.0.0`; `null` if there is none. */
  readonly newest: string | null;
}

/** Check that everything in the checkout says the version of a tag, and that `release` made the tag if it exists. */
export async function checkRelease(context: ReleaseContext): Promise<AgreedVersion> {
  const { flags } = context;
  const repository = await openRepository(flags.repo);
  const { root } = repository;
  const read = (path: string) => readTextIfExists(join(root, path));
  const strategy = await readBranchStrategy(root);
  const { tagForms } = strategy;
  const tag = needVersion(context);
  const tags = await listVersionTags(repository, tagForms);
  const sources = {
    tag,
    config: await read("deno.json") ?? "",
    changelog: await read("CHANGELOG.md"),
    manual: await read("docs/civitai-dl.1"),
    program: VERSION,
    message: tagMessage(tags.find(({ version }) => version.tag === tag), strategy),
  };
  const version = checkAgreement(sources, tagForms);
  const newest = newestStable(tags)?.version ?? null;
  const isNewest = version.stage === "stable" && (newest === null || compareReleaseVersions(version, newest) >= 0);
  return { agreed: version.text, isNewest, newest: newest?.text ?? null };
}

/** The message of a tag that a gate has to have judged; `null` if there is no such tag, or no gate for its stage. */
function tagMessage(tag: VersionTag | undefined, strategy: Strategy): string | null {
  if (tag === undefined || tag.version.stage === "phase") return null;
  const gate = releaseGateOf(strategy, tag.version, { stage: tag.version.stage, reports: "reports" });
  return gate === null ? null : tag.message;
}
