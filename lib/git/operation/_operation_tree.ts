import type { Repository } from "../open_repository.ts";
import { addWorktree, findWorktree, removeNamedWorktree, type Worktree } from "../worktrees/add_worktree.ts";

/** Options of {@linkcode OperationTree}. */
export interface OperationTreeOptions {
  /** The command of the operation, as in `addWorktree()`. */
  readonly command: string;
  /** Name of the tree: the operation's id. */
  readonly name: string;
  /** File that exists until the operation ends; see `addWorktree()`. */
  readonly keptFor: string;
  /** As in `addWorktree()`. */
  readonly registry: string | undefined;
}

/** The temporary tree of one operation. It is made when a step needs it, and outlives this process if it is kept. */
export class OperationTree {
  readonly #repository: Repository;
  readonly #options: OperationTreeOptions;
  #tree: Worktree | null = null;

  /** Create it without making the tree. */
  constructor(repository: Repository, options: OperationTreeOptions) {
    this.#repository = repository;
    this.#options = options;
  }

  /** Take over the tree that an earlier process left; `null` if there is none. */
  async find(): Promise<Worktree | null> {
    this.#tree ??= await findWorktree(this.#repository, this.#options.name, this.#options);
    return this.#tree;
  }

  /** Return the tree; make it at a commit if there is none. */
  async open(sha: string): Promise<Worktree> {
    const found = await this.find();
    if (found !== null) return found;
    this.#tree = await addWorktree(this.#repository, sha, this.#options);
    return this.#tree;
  }

  /** Return an unused tree at a commit; a tree that an earlier process left in any state is removed first. */
  async renew(sha: string): Promise<Worktree> {
    await this.remove();
    return await this.open(sha);
  }

  /** Leave the tree for a later process. */
  keep(): void {
    this.#tree?.keep();
    this.#tree = null;
  }

  /** Remove the tree. */
  async remove(): Promise<void> {
    const tree = this.#tree;
    this.#tree = null;
    if (tree !== null) await tree[Symbol.asyncDispose]();
    else await removeNamedWorktree(this.#repository, this.#options.name, this.#options);
  }
}
