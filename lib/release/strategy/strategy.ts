import type { TagForms, TaggedStage } from "../../installation/mod.ts";

/** What a branch is for. */
export type BranchKind = "develop" | "phase" | "feature" | "hotfix" | "release" | "experimental" | "benchmark";

/** A line of versions, such as 1.1.x. */
export interface VersionLine {
  /** Major and minor number, such as `1.1`. */
  readonly name: string;
  /** What it is about, in a few words. */
  readonly title: string;
  /** Number of the phase that leads to it; `null` if none does. */
  readonly phase: number | null;
  /** The check that its releases pass instead of the one of their stage; `null` if it has none of its own. */
  readonly gate: readonly string[] | null;
}

/** A stage of a release. */
export interface StageRule {
  /** Which one. */
  readonly stage: TaggedStage;
  /** Form of its tags, such as `v{version}-rc.{number}`. */
  readonly tag: string;
  /** Program and arguments of the check that the tagged tree has to pass; `null` if there is none. */
  readonly gate: readonly string[] | null;
}

/** A phase of the project. */
export interface StrategyPhase {
  /** Its number, from 1. */
  readonly phase: number;
  /** The release that it leads to, such as `1.1.0`. */
  readonly version: string;
  /** What it is about, in a few words. */
  readonly title: string;
}

/** The branches of one kind. */
export interface BranchRule {
  /** What they are for. */
  readonly kind: BranchKind;
  /** Pattern of their names, such as `performance/phase{phase}`. */
  readonly name: string;
  /** Other patterns of names that mean the same. */
  readonly also: readonly string[];
  /** Name of the branch at which they begin. */
  readonly from: string;
  /** Names of the branches into which they are merged, in order; empty if they are never merged. */
  readonly into: readonly string[];
  /** Program and arguments of the check that the merged tree has to pass; `null` if there is none. */
  readonly gate: readonly string[] | null;
  /** Pattern of the tag that marks the merge; `null` for none. */
  readonly tag: string | null;
  /** Patterns of branches that are created together with it, at the same commit. */
  readonly beside: readonly string[];
}

/** The branch strategy of a project. */
export interface Strategy {
  /** Name of the remote that everybody shares. */
  readonly remote: string;
  /** Name of the stable branch. */
  readonly main: string;
  /** Name of the branch where features and phases meet. */
  readonly develop: string;
  /**
   * Program and arguments of the check that a fix has to pass at every stage, which is a version whose last number is not
   * 0; `null` if there is no other than that of the stage.
   */
  readonly patchGate: readonly string[] | null;
  /** The lines of versions, the oldest first. */
  readonly lines: readonly VersionLine[];
  /** The phases, in order: what the lines say of them. */
  readonly phases: readonly StrategyPhase[];
  /** The stages of a release, in order. */
  readonly stages: readonly StageRule[];
  /** The form of the tags of each stage, and of phases. */
  readonly tagForms: TagForms;
  /** The kinds of branches, in order of precedence: the first whose pattern fits a name decides. */
  readonly branches: readonly BranchRule[];
}
