/** A commit or a tag object: its full hash, or the result of an earlier step of the same operation. */
export type StepObject = { readonly sha: string } | { readonly step: string };

/** The change of one ref. */
export interface RefChange {
  /** Full name, such as `refs/heads/main`. */
  readonly ref: string;
  /** The hash that it has before; `null` if it does not exist. If it has another one, the step fails. */
  readonly before: string | null;
  /** What it names after the step; `null` to delete it. */
  readonly after: StepObject | null;
}

/** Merges a commit into another one in a temporary tree, always with a merge commit; its result is that commit. */
export interface MergeStep {
  /** Kind of the step. */
  readonly type: "merge";
  /** Unique in the operation; names the result. */
  readonly id: string;
  /** The commit that it builds on. */
  readonly onto: StepObject;
  /** The commit that is merged. */
  readonly from: StepObject;
  /** The message; its first line is the subject. */
  readonly message: string;
}

/** Commits new contents of files, or their removal, on top of a commit; its result is the new commit. */
export interface CommitStep {
  /** Kind of the step. */
  readonly type: "commit";
  /** Unique in the operation; names the result. */
  readonly id: string;
  /** The commit that it builds on. */
  readonly onto: StepObject;
  /**
   * Paths from the root of the repository, with `/`, and the hash of the blob that is the new content; `null` removes the
   * file.
   */
  readonly files: readonly { readonly path: string; readonly blob: string | null }[];
  /** The message; its first line is the subject. */
  readonly message: string;
}

/** Runs a command of the project in a temporary tree at a commit. If it fails, the operation is rolled back. */
export interface CheckStep {
  /** Kind of the step. */
  readonly type: "check";
  /** Unique in the operation; names the result. */
  readonly id: string;
  /** The commit whose files are checked. */
  readonly on: StepObject;
  /** Program and arguments. */
  readonly command: readonly string[];
  /** Whether it is left out if the commit is a merge that git made alone, without a person to resolve conflicts. */
  readonly isOnlyForResolved?: boolean | undefined;
}

/** Makes an annotated tag, signed if git is configured so; its result is the tag object. */
export interface TagStep {
  /** Kind of the step. */
  readonly type: "tag";
  /** Unique in the operation; names the result. */
  readonly id: string;
  /** Short name, such as `v1.1.0`. */
  readonly name: string;
  /** The commit that is tagged. */
  readonly on: StepObject;
  /** The message; its first line is the subject. */
  readonly message: string;
}

/** Changes local branches, each only if it is still where it was. */
export interface RefsStep {
  /** Kind of the step. */
  readonly type: "refs";
  /** Unique in the operation; names the result. */
  readonly id: string;
  /** The changes, each of another ref. */
  readonly changes: readonly RefChange[];
}

/** Changes refs of a remote: all or none, and only if each is still where it was. An operation has at most one. */
export interface PushStep {
  /** Kind of the step. */
  readonly type: "push";
  /** Unique in the operation; names the result. */
  readonly id: string;
  /** Name of the remote, such as `origin`. */
  readonly remote: string;
  /** The changes, each of another ref. */
  readonly changes: readonly RefChange[];
}

/** Makes `git pull` and `git push` of a new branch use a remote. */
export interface TrackStep {
  /** Kind of the step. */
  readonly type: "track";
  /** Unique in the operation; names the result. */
  readonly id: string;
  /** Short name of the branch. */
  readonly branch: string;
  /** Name of the remote, such as `origin`. */
  readonly remote: string;
}

/** Switches the user's working tree to another branch. It is the only step that touches that tree. */
export interface SwitchStep {
  /** Kind of the step. */
  readonly type: "switch";
  /** Unique in the operation; names the result. */
  readonly id: string;
  /** Short name of the branch to switch to. */
  readonly branch: string;
  /** Short name of the branch to return to by undo. */
  readonly from: string;
}

/** Does what no ref shows, such as to switch the installed version. */
export interface ActStep {
  /** Kind of the step. */
  readonly type: "act";
  /** Unique in the operation; names the act. */
  readonly id: string;
  /** What it does, as a sentence without a period. */
  readonly text: string;
  /** Whether undo takes it back: if the operation did not come to its end, always, or never, because nothing changes. */
  readonly undo: "unfinished" | "always" | "never";
}

/** One step of an operation. Its `id` is unique in the operation. */
export type Step =
  | ActStep
  | MergeStep
  | CommitStep
  | CheckStep
  | TagStep
  | RefsStep
  | PushStep
  | TrackStep
  | SwitchStep;
