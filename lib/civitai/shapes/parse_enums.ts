import * as z from "npm:zod@^4";
import { field } from "./_field.ts";
import { parseShape } from "./_parse_shape.ts";

/** The words that the server knows today. */
export interface Enums {
  /** Types of models. */
  readonly modelTypes: readonly string[];
  /** Types of files. */
  readonly fileTypes: readonly string[];
  /** All base models, retired ones too. */
  readonly baseModels: readonly string[];
  /** Base models that are still open for new uploads. */
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
 * Parse the answer of /enums.
 *
 * @param json The answer
 * @returns The lists; a list that is not there is empty
 * @throws {SyntaxError} If it is not an object
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
