import { shell } from "../../base/mod.ts";
import type { AwaitStep, RefChange, Step, StepObject, TagStep } from "../../git/mod.ts";
import type { Strategy } from "./strategy.ts";

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
  readonly strategy: Pick<Strategy, "main">;
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
  readonly #strategy: Pick<Strategy, "main">;
  readonly #remote: string;
  /** Changes that the next push takes along. */
  readonly #pushed: RefChange[] = [];
  /** Branches that are moved here after it. */
  readonly #moved: (readonly [DraftBranch, StepObject])[] = [];
  #count = 0;
  #isSettled = false;

  constructor({ strategy, remote, from, fromName }: MergeDraftOptions) {
    this.#strategy = strategy;
    this.#remote = remote;
    this.from = from;
    this.fromName = fromName;
  }

  /** Let the next push take a branch to a commit, unless the remote has it there. */
  add({ name, remote }: Pick<DraftBranch, "name" | "remote">, after: StepObject): void {
    if ("sha" in after && after.sha === remote) return;
    this.#pushed.push({ ref: `refs/heads/${name}`, before: remote, after });
  }

  /** Move a branch here after the next push. */
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

  /** Wait until somebody has merged into a branch on the server. What came of it is what the next one merges. */
  wait(branch: string, options: Pick<AwaitStep, "isExact" | "settles">): void {
    const ask = `Open a pull request from ${this.fromName} into ${branch} and merge it, best with a merge commit`;
    const id = mergeId(branch);
    this.steps.push({ type: "await", id, remote: this.#remote, branch, contains: this.from, ask, ...options });
    this.#isSettled ||= options.settles !== undefined;
    this.from = { step: id };
  }

  /** Make a tag, which the next push takes along. */
  tag(step: Omit<TagStep, "type" | "id">): void {
    this.steps.push({ type: "tag", id: "tag", ...step });
    this.#pushed.push({ ref: `refs/tags/${step.name}`, before: null, after: { step: "tag" } });
  }

  /**
   * Push what waits for it, all or none, and move the branches here. One that is checked out anywhere stays, or the files
   * there would seem modified; so does one that a person moves after a push that settles something, while the rest waits.
   *
   * @param settles As in `PushStep`
   */
  push(settles?: string): void {
    const count = ++this.#count;
    const changes = this.#pushed.splice(0);
    const isOfMain = changes.some(({ ref }) => ref === `refs/heads/${this.#strategy.main}`);
    const ifRefused = `If ${this.#strategy.main} is protected, set mainBy: pull-request in config/branches.yml`;
    if (changes.length > 0) {
      this.steps.push({
        type: "push",
        id: `push-${count}`,
        remote: this.#remote,
        changes,
        ...settles === undefined ? {} : { settles },
        ...isOfMain ? { ifRefused } : {},
      });
    }
    this.#moveHere(count);
    this.#isSettled ||= settles !== undefined;
  }

  #moveHere(count: number): void {
    const moved = this.#moved.splice(0).filter(([{ local }]) => local !== null);
    const changes = moved.filter(([{ isCheckedOut }]) => !isCheckedOut).map(([{ name, local }, after]) => ({
      ref: `refs/heads/${name}`,
      before: local,
      after,
    }));
    const skipsMoved = this.#isSettled ? { skipsMoved: true } : {};
    if (changes.length > 0) this.steps.push({ type: "refs", id: `refs-${count}`, changes, ...skipsMoved });
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
