import { shell } from "../../base/mod.ts";
import type { RefChange, Step, StepObject, TagStep } from "../../git/mod.ts";

/** A branch that gets a commit. */
export interface DraftBranch {
  /** Short name. */
  readonly name: string;
  /** Full hash here; `null` if there is none. */
  readonly local: string | null;
  /** Full hash on the remote; `null` if there is none. */
  readonly remote: string | null;
  /** Whether it is checked out in a working tree. */
  readonly isCheckedOut: boolean;
}

/** Options of {@linkcode MergeDraft}. */
export interface MergeDraftOptions {
  /** Name of the remote. */
  readonly remote: string;
  /** The commit that the first branch merges. */
  readonly from: StepObject;
  /** What that commit is, for the subject of a merge. */
  readonly fromName: string;
}

/** The steps of an operation that merges into branches in turn, while they are being planned. */
export class MergeDraft {
  readonly steps: Step[] = [];
  /** What a person should know about branches that stay where they are, as sentences without a period. */
  readonly notices: string[] = [];
  /** The commit that the next branch merges. */
  from: StepObject;
  /** What that commit is. */
  fromName: string;
  readonly #remote: string;
  /** Changes that the push takes along. */
  readonly #pushed: RefChange[] = [];
  /** Branches that are moved here after it. */
  readonly #moved: (readonly [DraftBranch, StepObject])[] = [];

  constructor({ remote, from, fromName }: MergeDraftOptions) {
    this.#remote = remote;
    this.from = from;
    this.fromName = fromName;
  }

  /** Let the push take a branch to a commit, unless the remote has it there. */
  add({ name, remote }: Pick<DraftBranch, "name" | "remote">, after: StepObject): void {
    if ("sha" in after && after.sha === remote) return;
    this.#pushed.push({ ref: `refs/heads/${name}`, before: remote, after });
  }

  /** Move a branch here after the push. */
  move(branch: DraftBranch, after: StepObject): void {
    this.#moved.push([branch, after]);
  }

  /** Merge into a branch. Its result is what the next one merges. */
  merge(branch: DraftBranch, { onto, message }: { readonly onto: string; readonly message: string }): void {
    const id = mergeId(branch.name);
    this.steps.push({ type: "merge", id, onto: { sha: onto }, from: this.from, message });
    this.from = { step: id };
    this.add(branch, this.from);
    this.move(branch, this.from);
  }

  /** Make a tag, which the push takes along. */
  tag(step: Omit<TagStep, "type" | "id">): void {
    this.steps.push({ type: "tag", id: "tag", ...step });
    this.#pushed.push({ ref: `refs/tags/${step.name}`, before: null, after: { step: "tag" } });
  }

  /**
   * Push everything, all or none, and move the branches here. One that is checked out anywhere stays, or the files there
   * would seem modified.
   */
  push(): void {
    const changes = this.#pushed;
    if (changes.length > 0) this.steps.push({ type: "push", id: "push", remote: this.#remote, changes });
    const moved = this.#moved.filter(([{ local }]) => local !== null);
    const here = moved.filter(([{ isCheckedOut }]) => !isCheckedOut).map(([{ name, local }, after]) => ({
      ref: `refs/heads/${name}`,
      before: local,
      after,
    }));
    if (here.length > 0) this.steps.push({ type: "refs", id: "refs", changes: here });
    for (const [{ name, isCheckedOut }] of moved) {
      if (!isCheckedOut) continue;
      const pull = shell`git pull --ff-only ${this.#remote} ${name}`;
      this.notices.push(`${name} is checked out, so it stays where it is here; afterwards: ${pull}`);
    }
  }
}

/** Name the step whose result is what a branch becomes. */
function mergeId(branch: string): string {
  return `merge-${branch}`;
}
