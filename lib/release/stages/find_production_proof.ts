import { KitError, shell } from "../../base/mod.ts";
import { git, type Repository } from "../../git/mod.ts";
import {
  CONFIG_PATH,
  differsInVersionOnly,
  type ProductionTest,
  type ProductionText,
  readProductionTests,
  type ReleaseVersion,
} from "../../installation/mod.ts";
import { stagesOf } from "./choose_version.ts";
import type { ReleaseSurvey } from "./survey_releases.ts";
import { readTreeFile } from "./_tree_files.ts";

/** The production test on which a stable release relies. */
export interface ProductionProof {
  /** What the report says. */
  readonly test: ProductionTest;
  /** The report as one line of JSON. */
  readonly report: string;
}

/** Options of {@linkcode findProductionProof}. */
export interface FindProductionProofOptions {
  /** The tags. */
  readonly survey: ReleaseSurvey;
  /** Full hash of the commit to be released. */
  readonly tip: string;
  /** Files that may be reports. */
  readonly texts: readonly ProductionText[];
}

/**
 * Find the production test of a candidate whose program is the one to be released: only the version and what is not a
 * source may differ.
 *
 * @param repository The repository
 * @param base The release
 * @param options Reports, and what is released
 * @returns The latest such test
 * @throws {KitError} `failed` if the latest test of the program failed, `inconclusive` if there is none
 */
export async function findProductionProof(
  repository: Repository,
  base: ReleaseVersion,
  options: FindProductionProofOptions,
): Promise<ProductionProof> {
  const { survey, tip, texts } = options;
  const candidates = stagesOf(base, survey.tags).filter(({ version }) => version.stage === "candidate");
  const last = candidates.at(-1)!;
  const since = await listChangedSources(repository, last.commit, tip);
  if (since.length > 0) {
    throw new KitError(
      "inconclusive",
      `Cannot release ${base.text}: since ${last.version.tag}, ${describePaths(since)} changed`,
      { hint: shell`Make another candidate, and test it: civitai-dl release candidate ${base.text}` },
    );
  }
  const reasons: string[] = [];
  for (const test of readProductionTests(texts)) {
    const candidate = candidates.find(({ commit }) => commit === test.sha);
    if (candidate === undefined) continue;
    const { tag } = candidate.version;
    const changed = await listChangedSources(repository, candidate.commit, tip);
    if (changed.length > 0) {
      reasons.push(`since ${tag} was tested, ${describePaths(changed)} changed`);
      continue;
    }
    if (!test.isPassed) {
      throw new KitError("failed", `Cannot release ${base.text}: ${tag} failed its production test (${test.source})`, {
        hint: shell`Mend it, push that, and make another candidate: civitai-dl release candidate ${base.text}`,
      });
    }
    return { test, report: JSON.stringify(JSON.parse(texts.find(({ source }) => source === test.source)!.text)) };
  }
  throw new KitError(
    "inconclusive",
    `Cannot release ${base.text}: ${reasons[0] ?? `there is no report of a production test of ${last.version.tag}`}`,
    { hint: shell`Test the latest candidate: civitai-dl production-test --version ${last.version.tag}` },
  );
}

function describePaths(paths: readonly string[]): string {
  return `${paths.slice(0, 3).join(", ")}${paths.length > 3 ? ` and ${paths.length - 3} more` : ""}`;
}

/** What a release may change after its test: documents, besides the version. */
const DOCUMENTS = ["CHANGELOG.md", "changes", "docs"];

async function listChangedSources(repository: Repository, from: string, to: string): Promise<readonly string[]> {
  const paths = [".", ...DOCUMENTS.map((path) => `:(exclude)${path}`)];
  const args = ["diff", "--name-only", "--no-ext-diff", "--no-renames", "-z", from, to, "--", ...paths];
  const changed = (await git(args, { cwd: repository.root })).split("\0").filter(Boolean);
  if (!changed.includes(CONFIG_PATH)) return changed;
  const [before, after] = await Promise.all([from, to].map((commit) => readTreeFile(repository, commit, CONFIG_PATH)));
  const isSame = differsInVersionOnly(before ?? "", after ?? "");
  return changed.filter((path) => path !== CONFIG_PATH || !isSame);
}
