import type { JsonObject } from "../json_object.ts";

/** What sidecars are made of: one version with its model. */
export interface SidecarFacts {
  /** Id of the model. */
  readonly modelId: number;
  /** Name of the model. */
  readonly modelName: string;
  /** `Checkpoint`, `LORA`, … */
  readonly modelType: string;
  /** HTML. */
  readonly modelDescription: string | null;
  /** User name of the creator. */
  readonly creator: string | null;
  /** Tags of the model. */
  readonly tags: readonly string[];
  /** Whether the model is marked as not safe for work. */
  readonly nsfw: boolean;
  /** The API's answer about the model, without versions. */
  readonly modelRaw: JsonObject;
  /** Id of the version. */
  readonly versionId: number;
  /** Name of the version. */
  readonly versionName: string;
  /** `SDXL 1.0`, `Pony`, … */
  readonly baseModel: string;
  /** HTML. */
  readonly versionDescription: string | null;
  /** Words that activate it. */
  readonly trainedWords: readonly string[];
  /** ISO 8601. */
  readonly publishedAt: string | null;
  /** The API's answer about the version. */
  readonly versionRaw: JsonObject;
}
