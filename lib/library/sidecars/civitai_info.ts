import { isFields } from "../_lossless_json.ts";
import type { JsonObject } from "../json_object.ts";
import type { SidecarFacts } from "./sidecar_facts.ts";

const LICENSE_KEYS = ["allowNoCredit", "allowCommercialUse", "allowDerivatives", "allowDifferentLicense"];

/** Fields of a `.civitai.info` that state a fact about files; see {@linkcode SidecarKnowledge.facts}. */
export const INFO_FACTS = ["/files"] as const;

/**
 * Build `<stem>.civitai.info` in the form that Civitai Helper reads: the API's response for the version, including its
 * model.
 *
 * @param facts Version and model
 * @returns The content
 */
export function civitaiInfo(facts: SidecarFacts): JsonObject {
  const { modelRaw, versionRaw, creator } = facts;
  const license = Object.fromEntries(LICENSE_KEYS.filter((key) => key in modelRaw).map((key) => [key, modelRaw[key]]));
  return {
    ...versionRaw,
    id: facts.versionId,
    modelId: facts.modelId,
    name: facts.versionName,
    baseModel: facts.baseModel,
    description: facts.versionDescription,
    trainedWords: facts.trainedWords,
    publishedAt: facts.publishedAt,
    model: {
      ...(isFields(versionRaw.model) ? versionRaw.model : {}),
      name: facts.modelName,
      type: facts.modelType,
      nsfw: facts.nsfw,
      poi: modelRaw.poi ?? false,
      description: facts.modelDescription,
      tags: facts.tags,
      ...license,
    },
    ...(creator === null ? {} : { creator: isFields(modelRaw.creator) ? modelRaw.creator : { username: creator } }),
    extensions: {
      sd_civitai_helper: { version: "1.9.0", last_update: lastUpdate(facts), skeleton_file: false },
    },
  };
}

/** Use the API's own date, in seconds, so that the same response always gives the same sidecar. */
function lastUpdate(facts: SidecarFacts): number {
  const { updatedAt } = facts.versionRaw;
  const ms = Date.parse(typeof updatedAt === "string" ? updatedAt : facts.publishedAt ?? "");
  return Number.isNaN(ms) ? 0 : Math.floor(ms / 1000);
}
