import * as z from "zod";
import { asRecord } from "./_as_record.ts";
import { field } from "./_field.ts";
import { parseEach } from "./_parse_each.ts";
import { parseEntry } from "./_parse_shape.ts";
import type { Model } from "./entities.ts";
import { parseVersion } from "./parse_version.ts";

const modelSchema = z.looseObject({
  id: field.id,
  name: field.name,
  type: field.name,
  description: field.text,
  creator: z.looseObject({ username: field.name }).nullable().default(null).catch(null),
  tags: field.texts,
  nsfw: field.flag,
  nsfwLevel: field.number,
  mode: z.enum(["Archived", "TakenDown"]).nullable().default(null).catch(null),
  modelVersions: z.unknown().optional(),
});

/**
 * Parse a model, from a listing or from /models/ID.
 *
 * @param json The decoded model
 * @returns The model with its versions in the creator's order
 * @throws {SyntaxError} If it has no id, or is nested too deeply
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseModel } from "@civitai-dl/civitai-dl/civitai";
 *
 * const model = parseModel({ id: 123, name: "A style", type: "LORA", modelVersions: [{ id: 456, name: "v1" }] });
 * assertEquals([model.name, model.creator, model.versions[0]?.modelId], ["A style", null, 123]);
 * ```
 */
export function parseModel(json: unknown): Model {
  const model = parseEntry(modelSchema, json, "a model", { lists: ["modelVersions"] });
  const type = model.type ?? "Other";
  const { modelVersions: _, ...raw } = asRecord(json) ?? {};
  const versions = parseEach(model.modelVersions, {
    kind: "version",
    of: `model ${model.id}`,
    parse: (json, index) => parseVersion(json, { modelId: model.id, type, index }),
    idOf: (version) => version.id,
  });
  return {
    id: model.id,
    name: model.name ?? String(model.id),
    type,
    description: model.description,
    creator: model.creator?.username ?? null,
    tags: model.tags,
    nsfw: model.nsfw,
    nsfwLevel: model.nsfwLevel ?? 0,
    mode: model.mode,
    versions: versions.items,
    ...versions.unreadable.length === 0 ? {} : { unreadable: versions.unreadable },
    raw,
  };
}
