/** What a path can be built from: one file, its version and its model. */
export interface NamingFacts {
  /** Id of the model. */
  readonly modelId: number;
  /** Name of the model; not safe as a file name. */
  readonly modelName: string;
  /** `Checkpoint`, `LORA`, … */
  readonly modelType: string;
  /** User name of the creator. */
  readonly creator: string | null;
  /** Tags of the model, the most important first. */
  readonly tags: readonly string[];
  /** Id of the version. */
  readonly versionId: number;
  /** Name of the version; not safe as a file name. */
  readonly versionName: string;
  /** `SDXL 1.0`, `Pony`, … */
  readonly baseModel: string;
  /** When the version was published, ISO 8601. */
  readonly publishedAt: string | null;
  /** Maturity bits of the version. */
  readonly nsfwLevel: number;
  /** Id of the file. */
  readonly fileId: number | null;
  /** File name as the API composed it; not safe as a file name. */
  readonly fileName: string;
  /** `Model`, `VAE`, `Config`, … */
  readonly fileType: string;
  /** `SafeTensor`, `GGUF`, … */
  readonly format: string | null;
  /** `fp16`, `bf16`, … */
  readonly fp: string | null;
  /** `full` or `pruned`. */
  readonly size: string | null;
  /** `Q4_K_M`, … */
  readonly quant: string | null;
  /** Planned path of the checkpoint that a `Config` belongs to. */
  readonly besidePath?: string | null | undefined;
}
