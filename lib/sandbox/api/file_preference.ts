/** Which of a version's files an account would rather have. */
export interface FilePreference {
  /** `SafeTensor`, `PickleTensor`, `GGUF`, … */
  readonly format?: string | undefined;
  /** `full` or `pruned`. */
  readonly size?: string | undefined;
  /** `fp16`, `fp32`, … */
  readonly fp?: string | undefined;
  /** `Q4_K_M`, … for GGUF files. */
  readonly quantType?: string | undefined;
}

/** What the service prefers for those who did not say. */
export const DEFAULT_PREFERENCE: FilePreference = {
  format: "SafeTensor",
  size: "pruned",
  fp: "fp16",
  quantType: "Q4_K_M",
};
