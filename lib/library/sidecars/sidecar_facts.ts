import type { JsonObject } from "../json_object.ts";

/** What sidecars are built from: one version and its model. */
export interface SidecarFacts {
  /** Id of the model. */
  readonly modelId: number;
  /** Name of the model. */
  readonly modelName: string;
  /** `Checkpoint`, `LORA`, … */
  readonly modelType: string;
  /** Description of the model, as HTML. */
  readonly modelDescription: string | null;
  /** User name of the creator. */
  readonly creator: string | null;
  /** Tags of the model. */
  readonly tags: readonly string[];
  /** Whether the model is marked as not safe for work. */
  readonly nsfw: boolean;
  /** The API's response for the model, without versions. */
  readonly modelRaw: JsonObject;
  /** Id of the version. */
  readonly versionId: number;
  /** Name of the version. */
  readonly versionName: string;
  /** `SDXL 1.0`, `Pony`, … */
  readonly baseModel: string;
  /** Description of the version, as HTML. */
  readonly versionDescription: string | null;
  /** Words that activate the version in a prompt. */
  readonly trainedWords: readonly string[];
  /** When the version was published, ISO 8601. */
  readonly publishedAt: string | null;
  /** The API's response for the version. */
  readonly versionRaw: JsonObject;
}
