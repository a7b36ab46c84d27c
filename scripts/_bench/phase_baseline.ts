import { addWorktree, openRepository, removeLeftovers, resolveCommit } from "../../lib/git/mod.ts";
import { listPhaseTags } from "./phase_tags.ts";

/** The program that plays phase 1 in a comparison of phases. */
export interface PhaseBaseline extends AsyncDisposable {
  /**
   * What it is: the newest tag of phase 1 in the history of the measured commit, another commit, or the profile `stable`
   * of the measured commit itself. Another commit could have been chosen because it is slow, and a slower profile of the
   * same commit would make every phase look faster.
   */
  readonly kind: "tag" | "commit" | "profile";
  /** Name for the report, such as `phase 1 (v1.1.0-phase1)`. */
  readonly name: string;
  /** Full hash of its commit. */
  readonly sha: string;
  /** Root folder of its checkout; `undefined` for the checkout that is measured. */
  readonly root: string | undefined;
}

/** Options of {@linkcode openPhaseBaseline}. */
export interface PhaseBaselineOptions {
  /** A folder of the repository that is measured. */
  readonly folder: string;
  /** Full hash of the commit that is measured; empty if unknown. */
  readonly sha: string;
  /** Tag, branch or commit of phase 1; the newest tag of phase 1 in its history if absent. */
  readonly ref: string | undefined;
  /** As in `addWorktree`. */
  readonly registry?: string | undefined;
  /** Called with a line for each working tree that is made or removed. */
  readonly onProgress: (text: string) => void;
  /** Stops the checkout. */
  readonly signal: AbortSignal;
}

/**
 * Find the commit that plays phase 1: that of the ref, else of the newest tag of phase 1, else the measured commit itself
 * with the profile `stable`.
 *
 * @throws {KitError} `usage` if there is no such commit
 */
export async function findPhaseBaseline(
  { folder, sha: ownSha, ref: named }: Pick<PhaseBaselineOptions, "folder" | "sha" | "ref">,
): Promise<Pick<PhaseBaseline, "kind" | "name" | "sha"> & { readonly ref: string }> {
  const own = { kind: "profile", name: "phase 1", sha: ownSha, ref: "HEAD" } as const;
  if (named === undefined && ownSha === "") return own;
  const repository = await openRepository(folder);
  const tags = ownSha === "" ? [] : await listPhaseTags(repository, ownSha);
  const newest = newestTagOf(1, tags.map(({ name }) => name));
  const ref = named ?? newest;
  if (ref === undefined) return own;
  const sha = await resolveCommit(repository, ref);
  if (sha === ownSha) return own;
  const isTag = tags.find(({ name }) => name === newest)?.commit === sha;
  return { kind: isTag ? "tag" : "commit", name: `phase 1 (${ref})`, sha, ref };
}

/**
 * Check out phase 1 into a temporary working tree, or use the profile `stable` of the measured commit if there is no tag
 * and no ref was named.
 *
 * @throws {KitError} `usage` if there is no such commit
 */
export async function openPhaseBaseline(options: PhaseBaselineOptions): Promise<PhaseBaseline> {
  const { folder, registry, onProgress, signal } = options;
  const { ref, ...found } = await findPhaseBaseline(options);
  if (found.kind === "profile") {
    return { ...found, root: undefined, [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  for (const path of await removeLeftovers({ registry })) onProgress(`Removed what a killed run had left: ${path}`);
  const tree = await addWorktree(await openRepository(folder), found.sha, { command: "benchmark", registry, signal });
  onProgress(`Phase 1 is ${ref} (${found.sha.slice(0, 9)})`);
  return { ...found, root: tree.path, [Symbol.asyncDispose]: () => tree[Symbol.asyncDispose]() };
}

/** Return the newest tag of a phase, such as `v1.1.0-phase1`; `undefined` if there is none. */
export function newestTagOf(phase: number, tags: readonly string[]): string | undefined {
  const form = new RegExp(`^v\\d+\\.\\d+\\.\\d+-phase${phase}$`);
  return tags.filter((tag) => form.test(tag)).toSorted((a, b) => b.localeCompare(a, "en", { numeric: true }))[0];
}
