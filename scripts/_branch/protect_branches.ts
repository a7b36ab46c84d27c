import { exists } from "@std/fs";
import { join } from "node:path";
import { canonicalJson, KitError, writeAtomic } from "../../lib/base/mod.ts";
import { readConfigText } from "../../lib/config/mod.ts";
import { readRemoteAddress } from "../../lib/git/mod.ts";
import {
  API_VERSION,
  compareRuleset,
  deriveRulesets,
  type Drift,
  type GithubRepository,
  parseGithubRepository,
  parseRuleset,
  type PlannedRuleset,
  planProtection,
  requiredChecks,
  type RulesetFile,
  RulesetService,
  type Strategy,
} from "../../lib/release/mod.ts";
import type { BranchContext } from "./branch_actions.ts";
import { readOwnStrategy, STRATEGY_FILE } from "./branch_strategy.ts";

/** Folder of the rulesets in a repository. */
const RULESETS_FOLDER = ".github/rulesets";

/** A file of rulesets, and what became of it. */
export interface ProtectedRuleset {
  /** Path of the file from the root of the repository. */
  readonly file: string;
  /** Name of the ruleset. */
  readonly name: string;
  /**
   * `missing`, `differs`, `hidden` and `equal` compare GitHub with the file; `created` and `changed` were sent;
   * `written` and `unchanged` are of the file itself.
   */
  readonly state: PlannedRuleset["state"] | "created" | "changed" | "written" | "unchanged";
  /** How GitHub's ruleset differed from the file. */
  readonly drifts: readonly Drift[];
}

/** What `branch protect` did, or would do. */
export interface ProtectionResult {
  /** What was asked for. */
  readonly action: "check" | "dry-run" | "send" | "write";
  /** The repository on GitHub, such as `owner/name`; `null` if GitHub was not needed. */
  readonly repository: string | null;
  /** Every file of rulesets. */
  readonly rulesets: readonly ProtectedRuleset[];
  /** Names of rulesets that only GitHub has; they stay as they are. */
  readonly others: readonly string[];
  /** The requests of a dry run, as a shell script; `null` otherwise. */
  readonly script: string | null;
}

/** Compare the rules of GitHub with the files, send them, or write the files. */
export async function protectBranches(opened: BranchContext): Promise<ProtectionResult> {
  // The files are derived from the strategy beside them, and are merged together with it.
  const own = await readOwnStrategy(opened.repository.root) ?? opened.strategy;
  const branches = { ...opened, strategy: { ...own, remote: opened.context.flags.remote ?? own.remote } };
  const { check, dryRun, write, offline } = branches.context.flags;
  if (write) return await writeRulesets(branches);
  if (offline && !dryRun) {
    throw new KitError("usage", "Cannot protect branches offline: GitHub has to be asked", {
      hint: "Leave --offline out, or add --dry-run",
    });
  }
  const files = await readRulesets(branches);
  const github = await findGithubRepository(branches);
  const repository = `${github.owner}/${github.name}`;
  const service = openService(branches, github);
  const action = check ? "check" : dryRun ? "dry-run" : "send";
  if (action === "send") requireToken(branches);
  const { planned, others } = offline
    ? { planned: planProtection(files, []), others: [] }
    : await compareWithGithub(service, files);
  const note = offline ? "# GitHub was not asked, so every ruleset is taken for a new one\n" : "";
  const script = dryRun ? `${note}${renderRequests(planned, github)}` : null;
  const rulesets = action === "send" ? await sendRulesets(service, planned) : planned.map(withoutBody);
  return { action, repository, rulesets, others, script };
}

/** Return the exit code of a comparison: 1 if something differs, 3 if not everything could be seen. */
export function exitOfCheck({ action, rulesets }: ProtectionResult): number {
  if (action !== "check") return 0;
  if (rulesets.some(({ state }) => state === "missing" || state === "differs")) return 1;
  return rulesets.some(({ state }) => state === "hidden") ? 3 : 0;
}

function withoutBody({ file, ruleset, state, drifts }: PlannedRuleset): ProtectedRuleset {
  return { file: pathOf(file), name: ruleset.name, state, drifts };
}

function pathOf(file: string): string {
  return `${RULESETS_FOLDER}/${file}`;
}

/** Derive the rulesets from the strategy and its workflow. */
async function deriveFiles(root: string, strategy: Strategy): Promise<readonly RulesetFile[]> {
  const { protection } = strategy;
  if (protection === null) return deriveRulesets(strategy, { checks: [] });
  const text = await readConfigText(join(root, protection.workflow), {
    hint: `${STRATEGY_FILE} names it under protection: workflow`,
  });
  return deriveRulesets(strategy, { checks: requiredChecks(strategy, text) });
}

async function writeRulesets({ repository, strategy }: BranchContext): Promise<ProtectionResult> {
  const rulesets: ProtectedRuleset[] = [];
  await Deno.mkdir(join(repository.root, RULESETS_FOLDER), { recursive: true });
  for (const { file, ruleset } of await deriveFiles(repository.root, strategy)) {
    const path = join(repository.root, pathOf(file));
    const text = `${JSON.stringify(ruleset, null, 2)}\n`;
    const isSame = await exists(path) && await Deno.readTextFile(path) === text;
    if (!isSame) await writeAtomic(path, text);
    rulesets.push({ file: pathOf(file), name: ruleset.name, state: isSame ? "unchanged" : "written", drifts: [] });
  }
  return { action: "write", repository: null, rulesets, others: [], script: null };
}

/** Read the files, and require that they are those of the strategy. */
async function readRulesets({ repository, strategy }: BranchContext): Promise<readonly RulesetFile[]> {
  const { root } = repository;
  const names: string[] = [];
  const folder = join(root, RULESETS_FOLDER);
  if (await exists(folder)) {
    for await (const { name } of Deno.readDir(folder)) if (name.endsWith(".json")) names.push(name);
  }
  if (names.length === 0) {
    throw new KitError("usage", `Cannot protect branches: there are no rulesets in ${RULESETS_FOLDER}`, {
      hint: `Derive them from ${STRATEGY_FILE}: civitai-dl branch protect --write`,
    });
  }
  const files: RulesetFile[] = [];
  for (const file of names.sort()) {
    const text = await readConfigText(join(folder, file), { hint: "It was there a moment ago" });
    files.push({ file, ruleset: parseRuleset(text, pathOf(file)) });
  }
  // A repository without a strategy of its own may have any rulesets.
  if (await exists(join(root, STRATEGY_FILE))) requireAgreement(files, await deriveFiles(root, strategy));
  return files;
}

/** Further files are allowed: GitHub adds the rules of all rulesets together. */
function requireAgreement(files: readonly RulesetFile[], derived: readonly RulesetFile[]): void {
  for (const { file, ruleset } of derived) {
    const found = files.find((one) => one.file === file);
    if (found !== undefined && canonicalJson(found.ruleset) === canonicalJson(ruleset)) continue;
    const [first] = found === undefined ? [] : compareRuleset(ruleset, { ...found.ruleset, id: 0 });
    const why = found === undefined ? "it is missing" : first?.message ?? "its name or the order of its rules differs";
    throw new KitError("usage", `Cannot use ${pathOf(file)}: it is not what ${STRATEGY_FILE} says: ${why}`, {
      hint: "Write it anew: civitai-dl branch protect --write; rules of your own belong into another file beside it",
    });
  }
}

async function findGithubRepository({ context, repository, strategy }: BranchContext): Promise<GithubRepository> {
  const { remote } = strategy;
  const address = await readRemoteAddress(repository, remote);
  return parseGithubRepository(address, { remote, api: context.env("GITHUB_API_URL") });
}

function tokenOf({ context }: BranchContext): string | undefined {
  return (context.env("GITHUB_TOKEN") ?? context.env("GH_TOKEN"))?.trim();
}

function requireToken(branches: BranchContext): void {
  if (tokenOf(branches) !== undefined) return;
  throw new KitError("auth", "Cannot protect branches: there is no token for GitHub", {
    hint: 'Set GITHUB_TOKEN to a token with the permission "Administration": write',
  });
}

function openService(branches: BranchContext, github: GithubRepository): RulesetService {
  return new RulesetService(github, { token: tokenOf(branches), signal: branches.context.signal });
}

async function compareWithGithub(
  service: RulesetService,
  files: readonly RulesetFile[],
): Promise<{ readonly planned: readonly PlannedRuleset[]; readonly others: readonly string[] }> {
  const listed = await service.list();
  const isOurs = ({ name }: { readonly name: string }) => files.some(({ ruleset }) => ruleset.name === name);
  const stored = [];
  for (const one of listed.filter(isOurs)) stored.push(await service.read(one));
  const others = listed.filter((one) => !isOurs(one)).map(({ name }) => name);
  return { planned: planProtection(files, stored), others };
}

/** Send what differs. */
async function sendRulesets(
  service: RulesetService,
  planned: readonly PlannedRuleset[],
): Promise<readonly ProtectedRuleset[]> {
  const rulesets: ProtectedRuleset[] = [];
  const sent: string[] = [];
  for (const one of planned) {
    const { ruleset, state, id } = one;
    if (state === "equal") {
      rulesets.push(withoutBody(one));
      continue;
    }
    try {
      await sendRuleset(service, one);
    } catch (error) {
      if (!(error instanceof KitError) || sent.length === 0) throw error;
      const { code, message, hint, cause } = error;
      const before = `${message}; sent before that: ${sent.join(", ")}`;
      throw new KitError(code, before, { ...hint === undefined ? {} : { hint }, cause });
    }
    sent.push(`"${ruleset.name}"`);
    rulesets.push({ ...withoutBody(one), state: id === null ? "created" : "changed" });
  }
  return rulesets;
}

/** What GitHub then keeps is compared again: it must not have left anything out. */
async function sendRuleset(service: RulesetService, { ruleset, id }: PlannedRuleset): Promise<void> {
  const stored = id === null ? await service.create(ruleset) : await service.update(id, ruleset);
  const left = compareRuleset(ruleset, stored).map(({ message }) => message);
  if (left.length === 0) return;
  throw new KitError(
    "failed",
    `Cannot protect branches: GitHub keeps "${ruleset.name}" differently: ${left.join("; ")}`,
    {
      hint: "See what GitHub offers for this repository and its plan",
    },
  );
}

/** Write the requests as a shell script. The token is read by curl from its input, where no other user sees it. */
function renderRequests(planned: readonly PlannedRuleset[], { api, owner, name }: GithubRepository): string {
  const requests = planned.filter(({ state }) => state !== "equal");
  if (requests.length === 0) return "# GitHub has all of it already\n";
  return [
    "set -eu",
    "send() {",
    `  printf 'header = "Authorization: Bearer %s"\\n' "\${GITHUB_TOKEN:-$GH_TOKEN}" |`,
    '    curl --config - --silent --show-error --fail-with-body --output /dev/null --request "$1" \\',
    `      --header 'Accept: application/vnd.github+json' --header 'X-GitHub-Api-Version: ${API_VERSION}' \\`,
    `      --data-binary "@$3" "${api}/repos/${owner}/${name}/rulesets$2"`,
    "}",
    ...requests.flatMap(({ file, ruleset, id, drifts }) => [
      ...drifts.map(({ message }) => `# ${ruleset.name}: ${message}`),
      id === null ? `send POST '' ${pathOf(file)}` : `send PUT /${id} ${pathOf(file)}`,
    ]),
  ].map((line) => `${line}\n`).join("");
}
