import { usernameValue } from "./render_image.ts";
import { renderNestedVersion, type VersionForm } from "./render_version.ts";
import type { World } from "../../_world.ts";
import type { CatalogModel, CatalogVersion } from "../../catalog/catalog_model.ts";

/** Render a model with some of its versions. */
export async function renderModel(
  world: World,
  model: CatalogModel,
  versions: readonly CatalogVersion[],
  form: VersionForm,
): Promise<Record<string, unknown>> {
  const { index, creator, stats } = model;
  const uses = ["Image", "RentCivit"];
  // Like the real API, return `null` for two counters of some models.
  const hidesCounters = index % 9 === 4;
  return {
    id: model.id,
    name: model.name,
    description: model.description,
    type: model.type,
    nsfw: model.nsfwLevel > 3,
    nsfwLevel: model.nsfwLevel,
    minor: false,
    poi: false,
    sfwOnly: false,
    availability: "Public",
    userId: model.userId,
    allowNoCredit: true,
    // Like the real API, return PostgreSQL's array notation for some models.
    allowCommercialUse: index % 6 === 3 ? `{${uses}}` : uses,
    allowDerivatives: true,
    allowDifferentLicense: index % 2 === 0,
    baseModels: [...new Set(model.versions.map((version) => version.baseModel))],
    cosmetic: null,
    supportsGeneration: true,
    stats: {
      downloadCount: hidesCounters ? null : stats.downloadCount,
      thumbsUpCount: stats.thumbsUpCount,
      thumbsDownCount: 3,
      commentCount: stats.commentCount,
      tippedAmountCount: hidesCounters ? null : 120,
    },
    ...(creator === null ? {} : { creator: { username: usernameValue(creator.username), image: null } }),
    tags: model.tags,
    modelVersions: await Promise.all(versions.map((version) => renderNestedVersion(world, model, version, form))),
    ...(model.mode === null ? {} : { mode: model.mode }),
  };
}
