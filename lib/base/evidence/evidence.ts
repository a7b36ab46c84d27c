/** The commit that was measured. */
export interface EvidenceCommit {
  /** Its full hash; empty where there is no git. */
  readonly sha: string;
  /** Whether tracked files differed from it. */
  readonly isDirty: boolean;
  /** The branch or tag that was out, such as `main`; empty if none. */
  readonly ref: string;
}

/** The machine that measured. */
export interface EvidenceMachine {
  /** The processor's name. */
  readonly cpu: string;
  /** How many processors the process could use. */
  readonly cores: number;
  /** All memory. */
  readonly memoryBytes: number;
  /** The system and its release, such as `linux 6.1.0`. */
  readonly kernel: string;
  /** Such as `x86_64`. */
  readonly arch: string;
}

/** The program that measured. */
export interface EvidenceTool {
  /** Its name. */
  readonly name: string;
  /** Its version. */
  readonly version: string;
  /** The version of Deno. */
  readonly deno: string;
  /** The version of V8. */
  readonly v8: string;
}

/** What stands in every report that a gate may read. */
export interface EvidenceHeader {
  /** What kind of report it is, such as `civitai-dl/stability`. */
  readonly schema: string;
  /** The version of that schema. */
  readonly version: number;
  /** Who measured. */
  readonly tool: EvidenceTool;
  /** What was measured. */
  readonly commit: EvidenceCommit;
  /** Where. */
  readonly machine: EvidenceMachine;
  /** What the random choices were made from; `null` if there were none. */
  readonly seed: number | null;
  /** ISO 8601 UTC. */
  readonly startedAt: string;
  /** ISO 8601 UTC. */
  readonly endedAt: string;
  /** How long it was to take. */
  readonly plannedMs: number;
  /** How long it worked, by a clock that does not jump; pauses do not count. */
  readonly actualMs: number;
}

/** A sealed report: header, its own data with raw samples, and the digest of all that. */
export interface Evidence extends EvidenceHeader {
  /** `sha256:` and 64 hexadecimal digits, over the canonical JSON of everything else. */
  readonly digest: string;
  /** What this kind of report says. */
  readonly [data: string]: unknown;
}
