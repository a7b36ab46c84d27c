/** The properties of the file that an account prefers among a version's files. */
export interface FilePreference {
  /** Format, such as `SafeTensor`, `PickleTensor` or `GGUF`. */
  readonly format?: string | undefined;
  /** Variant: `full` or `pruned`. */
  readonly size?: string | undefined;
  /** Precision, such as `fp16` or `fp32`. */
  readonly fp?: string | undefined;
  /** Quantization of GGUF files, such as `Q4_K_M`. */
  readonly quantType?: string | undefined;
}

/** The service's preference for callers that have none. */
export const DEFAULT_PREFERENCE: FilePreference = {
  format: "SafeTensor",
  size: "pruned",
  fp: "fp16",
  quantType: "Q4_K_M",
};
