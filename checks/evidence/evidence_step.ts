import type { EvidenceDemand } from "../../lib/gate/mod.ts";

/** One report that the gate asks for, and the command that makes it. */
export interface EvidenceStep {
  /** Name of the step, and of its file without the extension, such as `paired-stability-turbo`. */
  readonly id: string;
  /** Schema of the report. */
  readonly schema: string;
  /** The task and its arguments, without the path of the report. */
  readonly words: readonly string[];
  /** Ids of the conditions that ask for it. */
  readonly conditions: readonly string[];
  /** What each of them demands of the report, by its id. */
  readonly demands: Readonly<Record<string, EvidenceDemand>>;
  /** Those of them that take no other comparison than one with the tag of phase 1. */
  readonly ofPhase1: readonly string[];
  /** How long it takes on two idle cores, in milliseconds. */
  readonly estimateMs: number;
  /** Disk space that it needs, in bytes. */
  readonly diskBytes: number;
  /** Whether it can be stopped and continued. */
  readonly isResumable: boolean;
  /** Whether it takes a day or more; such steps are left out unless they are asked for. */
  readonly isLong: boolean;
  /**
   * Id of the step of which this one is a shorter form, long enough for some of its conditions; `null` if it is not. It
   * is left out unless it is asked for.
   */
  readonly shortOf: string | null;
}

/** What is to be done for a step: nothing, go on with its report, or make it anew. */
export type StepState = "done" | "to continue" | "to make";

/** A condition whose report no command of this machine alone can make. */
export interface ManualStep {
  /** Id of the condition. */
  readonly condition: string;
  /** What its report is made by. */
  readonly command: string;
  /** What it demands of the report. */
  readonly demand: EvidenceDemand;
}

/** All that the conditions of all phases ask for. */
export interface EvidencePlan {
  /** The steps, in the order of the conditions. */
  readonly steps: readonly EvidenceStep[];
  /** What has to be made elsewhere. */
  readonly manual: readonly ManualStep[];
}
