/**
 * The only room that runs git: `refs/` reads branches and tags, here and on remotes; `checkout/` the state of the user's
 * working tree; `worktrees/` makes temporary ones that do not affect the user's; `operation/` changes refs step by step,
 * so that it can be continued or undone wherever it stops.
 *
 * @module
 */
export { addWorktree, type Worktree, type WorktreeOptions } from "./worktrees/add_worktree.ts";
export { type ListedWorktree, listWorktrees } from "./worktrees/list_worktrees.ts";
export { openTreeScratch, type TreeScratch } from "./worktrees/tree_scratch.ts";
export { removeLeftovers, type RemoveLeftoversOptions } from "./worktrees/remove_leftovers.ts";
export { describeCheckout } from "./checkout/describe_checkout.ts";
export type { Checkout, GitActivity } from "./checkout/read_checkout.ts";
export { applyPatch, type PatchOptions } from "./checkout/apply_patch.ts";
export {
  compareKeptWorktree,
  findKeptWorktree,
  keepWorktree,
  type KeepWorktreeOptions,
  type KeptWorktree,
  removeKeptWorktree,
} from "./worktrees/keep_worktree.ts";
export { findTreeWork, type TreeContent, type TreeWork } from "./worktrees/find_tree_work.ts";
export { containsCommit } from "./refs/contains_commit.ts";
export { listBranchNames, parseRef, type RefParts } from "./refs/parse_ref.ts";
export { readRefs, type Ref, type Refs } from "./refs/read_refs.ts";
export { explainRefName, REF_CHARACTER, REF_LIMITS, REF_NAME } from "./refs/ref_name.ts";
export { readRepositoryFacts, type RepositoryFacts, type RepositoryFactsOptions } from "./refs/repository_facts.ts";
export { readTargetFile, type TargetFile, type TargetFileOptions } from "./refs/read_target_file.ts";
export { resolveCommit } from "./refs/resolve_commit.ts";
export { INTERRUPTED, type Operation, type OperationState } from "./operation/operation.ts";
export { type OperationPlace, OperationStore } from "./operation/operation_store.ts";
export { type Act, type Acts, type ActState, type ActUndo, UndoConflict, type UndoOutcome } from "./operation/act.ts";
export { type ContinuePreview, previewContinue } from "./operation/preview_continue.ts";
export { previewUndo, type PreviewUndoOptions, type UndoPreview } from "./operation/preview_undo.ts";
export { renderScript } from "./operation/render_script.ts";
export {
  continueOperation,
  findContinuable,
  type OperationOptions,
  type OperationPlan,
  requireNoOperation,
  runOperation,
} from "./operation/run_operation.ts";
export type {
  ActStep,
  CheckStep,
  CommitStep,
  MergeStep,
  PushStep,
  RefChange,
  RefsStep,
  Step,
  StepObject,
  SwitchStep,
  TagStep,
  TrackStep,
} from "./operation/step.ts";
export {
  findLastEffective,
  findUndoable,
  isStepBack,
  undoOperation,
  type UndoOptions,
} from "./operation/undo_operation.ts";
export { git } from "./git.ts";
export { openRepository, type Repository } from "./open_repository.ts";
export { type GitOutput, runGit, type RunGitOptions } from "./run_git.ts";
