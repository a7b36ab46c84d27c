import { classifyCategory } from "./classify_category.ts";
import type { NamingFacts } from "./naming_facts.ts";
import { splitName } from "./split_name.ts";

/** The fields that a path template can contain, written in braces. */
export const TEMPLATE_FIELDS = [
  "file",
  "stem",
  "ext",
  "creator",
  "model",
  "model_id",
  "version",
  "version_id",
  "file_id",
  "base_model",
  "type",
  "file_type",
  "category",
  "fp",
  "format",
  "size",
  "quant",
  "tag",
  "nsfw_level",
  "published",
] as const;

/** A field of a path template. */
export type TemplateField = (typeof TEMPLATE_FIELDS)[number];

/**
 * Build the values of all template fields for one file. They are not safe as names yet.
 *
 * @param facts The file, its version and its model
 * @returns A value for each field; `null` if the file has none
 */
export function templateValues(facts: NamingFacts): Readonly<Record<TemplateField, string | null>> {
  const { stem, ext } = splitName(facts.fileName);
  return {
    file: facts.fileName,
    stem,
    ext: ext.slice(1),
    creator: facts.creator,
    model: facts.modelName,
    model_id: String(facts.modelId),
    version: facts.versionName,
    version_id: String(facts.versionId),
    file_id: facts.fileId === null ? null : String(facts.fileId),
    base_model: facts.baseModel,
    type: facts.modelType,
    file_type: facts.fileType,
    category: classifyCategory(facts.tags),
    fp: facts.fp,
    format: facts.format,
    size: facts.size,
    quant: facts.quant,
    tag: facts.tags[0] ?? null,
    nsfw_level: String(facts.nsfwLevel),
    published: facts.publishedAt?.slice(0, 10) ?? null,
  };
}
