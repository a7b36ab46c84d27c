import * as z from "zod";
import { field } from "./_field.ts";
import { parseShape } from "./_parse_shape.ts";

/** The server's current lists of types and base models. */
export interface Enums {
  /** Types of models, such as `LORA`. */
  readonly modelTypes: readonly string[];
  /** Types of files, such as `VAE`. */
  readonly fileTypes: readonly string[];
  /** All base models, including retired ones. */
  readonly baseModels: readonly string[];
  /** Base models that accept new uploads. */
  readonly activeBaseModels: readonly string[];
  /** Kinds of base models. */
  readonly baseModelTypes: readonly string[];
}

const enumsSchema = z.looseObject({
  ModelType: field.texts,
  ModelFileType: field.texts,
  BaseModel: field.texts,
  ActiveBaseModel: field.texts,
  BaseModelType: field.texts,
});

/**
 * Parse the response of /enums.
 *
 * @param json The decoded response
 * @returns The lists; an absent list is empty
 * @throws {SyntaxError} If the response is not an object
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseEnums } from "@civitai-dl/civitai-dl/civitai";
 *
 * const enums = parseEnums({ ModelType: ["Checkpoint", "LORA"] });
 * assertEquals([enums.modelTypes, enums.baseModels], [["Checkpoint", "LORA"], []]);
 * ```
 */
export function parseEnums(json: unknown): Enums {
  const enums = parseShape(enumsSchema, json, "the enumerations");
  return {
    modelTypes: enums.ModelType,
    fileTypes: enums.ModelFileType,
    baseModels: enums.BaseModel,
    activeBaseModels: enums.ActiveBaseModel,
    baseModelTypes: enums.BaseModelType,
  };
}
