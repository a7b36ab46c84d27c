/** The commit that was measured. */
export interface EvidenceCommit {
  /** Full hash; empty outside of a git repository. */
  readonly sha: string;
  /** Whether tracked files differ from the commit. */
  readonly isDirty: boolean;
  /** The branch or tag that is checked out, such as `main`; empty if there is none. */
  readonly ref: string;
}

/** The machine that the measurement ran on. */
export interface EvidenceMachine {
  /** Model name of the processor. */
  readonly cpu: string;
  /** Number of processors available to the process. */
  readonly cores: number;
  /** Total memory in bytes. */
  readonly memoryBytes: number;
  /** Operating system and its release, such as `linux 6.1.0`. */
  readonly kernel: string;
  /** Processor architecture, such as `x86_64`. */
  readonly arch: string;
}

/** The program that made the measurement. */
export interface EvidenceTool {
  /** Name of the program, such as `civitai-dl`. */
  readonly name: string;
  /** Version of the program. */
  readonly version: string;
  /** Version of Deno. */
  readonly deno: string;
  /** Version of V8. */
  readonly v8: string;
}

/** The fields that every report for the quality gate contains. */
export interface EvidenceHeader {
  /** Kind of the report, such as `civitai-dl/stability`. */
  readonly schema: string;
  /** Version of the schema. */
  readonly version: number;
  /** The program that made the measurement. */
  readonly tool: EvidenceTool;
  /** The commit that was measured. */
  readonly commit: EvidenceCommit;
  /** The machine that the measurement ran on. */
  readonly machine: EvidenceMachine;
  /** Seed of the random choices; `null` if there were none. */
  readonly seed: number | null;
  /** Start of the measurement, ISO 8601 UTC. */
  readonly startedAt: string;
  /** End of the measurement, ISO 8601 UTC. */
  readonly endedAt: string;
  /** Planned duration in milliseconds. */
  readonly plannedMs: number;
  /** Actual working time in milliseconds by a monotonic clock; pauses do not count. */
  readonly actualMs: number;
}

/** A report: the header, and its own data with raw samples. */
export interface Evidence extends EvidenceHeader {
  /** The data of this kind of report. */
  readonly [data: string]: unknown;
}
