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
}

/** What is to be done for a step: nothing, go on with its report, or make it anew. */
export type StepState = "done" | "to continue" | "to make";

/** A condition whose report no command of this machine alone can make. */
export interface ManualStep {
  /** Id of the condition. */
  readonly condition: string;
  /** What its report is made by. */
  readonly command: string;
}

/** All that the conditions of all phases ask for. */
export interface EvidencePlan {
  /** The steps, in the order of the conditions. */
  readonly steps: readonly EvidenceStep[];
  /** What has to be made elsewhere. */
  readonly manual: readonly ManualStep[];
}
