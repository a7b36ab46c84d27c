import { chooseFile } from "./choose_file.ts";
import { downloadUrl, renderFile } from "./render_file.ts";
import { renderShowcaseImage } from "./render_image.ts";
import { rollUnit } from "../../_roll.ts";
import type { World } from "../../_world.ts";
import type { CatalogModel, CatalogVersion } from "../../catalog/catalog_model.ts";
import { DEFAULT_PREFERENCE, type FilePreference } from "./file_preference.ts";

/** Which endpoint a version is rendered for, and for whom. */
export interface VersionForm {
  readonly form: "list" | "model";
  /** Maturity bits of the images that are shown. */
  readonly imageLevels: number;
  readonly preference: FilePreference;
  readonly primaryFileOnly: boolean;
}

/** Return the availability of a version: `EarlyAccess` if it is paid, temporarily or permanently. */
export function availabilityOf(version: CatalogVersion): "Public" | "EarlyAccess" {
  return version.outcome === "earlyAccess" || version.outcome === "permanentlyPaid" ? "EarlyAccess" : "Public";
}

/** Return the paid access of a version as the API does; `null` if it is free. */
export function paidAccessOf(
  version: CatalogVersion,
): { readonly permanent: boolean; readonly endsAt: string | null } | null {
  if (version.outcome === "permanentlyPaid") return { permanent: true, endsAt: null };
  return version.earlyAccessUntilMs === null ? null : { permanent: false, endsAt: isoOf(version.earlyAccessUntilMs) };
}

/** Format a time as the API does: ISO 8601. */
export function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** Render a version as part of a model response. */
export async function renderNestedVersion(
  world: World,
  model: CatalogModel,
  version: CatalogVersion,
  form: VersionForm,
): Promise<Record<string, unknown>> {
  const { seed } = world.catalog.settled;
  const primary = chooseFile(version.files, form.preference);
  const files = form.primaryFileOnly && primary !== null ? [primary] : version.files;
  const fileForm = { form: form.form, versionId: version.id, primaryId: primary?.id ?? null };
  const images = version.images.filter((image) => (image.nsfwLevel & form.imageLevels) !== 0);
  const rendered: Record<string, unknown> = {
    id: version.id,
    index: version.index,
    name: version.name,
    baseModel: version.baseModel,
    baseModelType: rollUnit(seed, "base-type", version.id) < 0.8 ? "Standard" : null,
    publishedAt: isoOf(version.publishedAtMs),
    flags: 0,
    availability: availabilityOf(version),
    nsfwLevel: version.nsfwLevel,
    description: version.description,
    trainedWords: version.trainedWords,
    supportsGeneration: true,
    stats: { downloadCount: version.id % 5000, thumbsUpCount: version.id % 300, thumbsDownCount: 1 },
    ...(version.earlyAccessUntilMs === null ? {} : { earlyAccessDeadline: isoOf(version.earlyAccessUntilMs) }),
    paidAccess: paidAccessOf(version),
    files: model.mode === "Archived" ? [] : await Promise.all(files.map((file) => renderFile(world, file, fileForm))),
    images: images.map((image) => renderShowcaseImage(world, image, form.form)),
    ...(model.mode === "Archived" || primary === null ? {} : { downloadUrl: downloadUrl(primary, fileForm) }),
  };
  if (form.form === "list") return rendered;
  const more = { createdAt: isoOf(version.publishedAtMs - 60_000), status: "Published", covered: images.length > 0 };
  return withoutEmpty({ ...rendered, ...more });
}

/** Render a version as a separate response, with its linked file. */
export async function renderVersion(
  world: World,
  version: CatalogVersion,
  origin?: string,
): Promise<Record<string, unknown>> {
  const model = world.catalog.model(version.modelId)!;
  const primary = chooseFile(version.files, DEFAULT_PREFERENCE);
  const form = { form: "version", versionId: version.id, primaryId: primary?.id ?? null, origin } as const;
  const offered = version.linkedFile === null ? version.files : [...version.files, version.linkedFile];
  return {
    id: version.id,
    modelId: version.modelId,
    name: version.name,
    nsfwLevel: version.nsfwLevel,
    createdAt: isoOf(version.publishedAtMs - 60_000),
    updatedAt: isoOf(version.publishedAtMs + 60_000),
    status: "Published",
    publishedAt: isoOf(version.publishedAtMs),
    trainedWords: version.trainedWords,
    trainingStatus: null,
    trainingDetails: null,
    baseModel: version.baseModel,
    baseModelType: "Standard",
    description: version.description,
    uploadType: "Created",
    usageControl: version.outcome === "downloadsDisabled" ? "Generation" : "Download",
    licensingFee: null,
    paidAccess: paidAccessOf(version),
    air: airOf(model, version),
    stats: { downloadCount: version.id % 5000, thumbsUpCount: version.id % 300 },
    model: {
      name: model.name,
      type: model.type,
      nsfw: model.nsfwLevel > 3,
      poi: false,
      ...(model.mode === null ? {} : { mode: model.mode }),
    },
    files: await Promise.all(offered.map((file) => renderFile(world, file, form))),
    images: version.images.slice(0, 10).map((image) => renderShowcaseImage(world, image, "version")),
    ...(model.mode === "Archived" || primary === null ? {} : { downloadUrl: downloadUrl(primary, form) }),
  };
}

/** Build the AIR of a version, its URN across services. */
export function airOf(model: CatalogModel, version: CatalogVersion): string {
  const ecosystem = version.baseModel.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  return `urn:air:${ecosystem}:${model.type.toLowerCase()}:civitai:${model.id}@${version.id}`;
}

/** Remove keys whose value is `null`, `undefined` or an empty list. */
function withoutEmpty(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const isEmpty = (it: unknown): boolean => it === null || it === undefined || (Array.isArray(it) && it.length === 0);
  return Object.fromEntries(Object.entries(value).filter(([, it]) => !isEmpty(it)));
}
