import { rollPick, rollUnit } from "../../_roll.ts";
import { TAG_NAMES } from "../../catalog/names.ts";
import type { World } from "../../_world.ts";
import type { CatalogImage } from "../../catalog/catalog_model.ts";

/** Account id in the paths of the image host. It is public, not a secret. */
export const IMAGE_KEY = "xG1nkqKTMzGDvpLrqFT7WA";
/** A placeholder that becomes a bare number in the response, too large for JavaScript to represent exactly. */
export const HUGE_SEED = "@18446744073709551615@";
const BLURHASHES = ["UEHLh[WB2yk8pyoJadR*.7kCMdnjS#M|%1%2", "U7F5gN00~q?b00M{_3Rj9FIU-;of4nxu%MM{"];
const EXTENSIONS = { image: "jpeg", video: "mp4", audio: "mp3" } as const;
const LEVEL_NAMES: Readonly<Record<number, string>> = { 1: "None", 2: "Soft", 4: "Mature", 8: "X", 16: "X" };

/** Build the URL of an image. Its extension depends only on the type, not on the encoding of its bytes. */
export function imageUrl(world: World, image: CatalogImage, name: string): string {
  return `${world.imageOrigin()}/${IMAGE_KEY}/${image.uuid}/original=true/${name}.${EXTENSIONS[image.type]}`;
}

/**
 * Render a showcase image as part of a model or version response. Its id is included only in lists (`form` is "list").
 */
export function renderShowcaseImage(
  world: World,
  image: CatalogImage,
  form: "list" | "model" | "version",
): Record<string, unknown> {
  const { seed } = world.catalog.settled;
  const meta = form === "version" ? imageMeta(seed, image) : null;
  const hasMeta = imageMeta(seed, image) !== null;
  const { width, height } = image;
  const hash = rollPick(BLURHASHES, seed, "blur", image.id);
  return {
    ...(form === "list" ? { id: image.id } : {}),
    url: imageUrl(world, image, `${image.id}`),
    nsfwLevel: image.nsfwLevel,
    width,
    height,
    hash,
    type: image.type,
    ...(form === "version" ? { metadata: { hash, size: image.sizeBytes, width, height } } : {}),
    minor: false,
    poi: false,
    ...(form === "version" ? { meta, availability: "Public" } : {}),
    hasMeta,
    hasPositivePrompt: hasMeta,
    onSite: false,
    remixOfId: null,
  };
}

/** Render an image as part of an `/images` response. */
export function renderGalleryImage(
  world: World,
  image: CatalogImage,
  form: { readonly withMeta: boolean; readonly nestMeta: boolean; readonly withTags: boolean },
): Record<string, unknown> {
  const { seed } = world.catalog.settled;
  const version = image.versionId === null ? null : world.catalog.version(image.versionId);
  const meta = form.withMeta ? imageMeta(seed, image) : null;
  const count = (topic: string): number => Math.floor(rollUnit(seed, topic, image.id) ** 3 * 300);
  return {
    id: image.id,
    url: imageUrl(world, image, image.uuid),
    hash: image.type === "audio" ? null : rollPick(BLURHASHES, seed, "blur", image.id),
    width: image.width,
    height: image.height,
    nsfwLevel: LEVEL_NAMES[image.nsfwLevel],
    type: image.type,
    nsfw: image.nsfwLevel > 1,
    browsingLevel: image.nsfwLevel,
    createdAt: new Date(image.createdAtMs).toISOString(),
    postId: image.postId,
    stats: {
      cryCount: count("cry"),
      laughCount: count("laugh"),
      likeCount: count("like"),
      dislikeCount: 0,
      heartCount: count("heart"),
      commentCount: count("comment"),
    },
    meta: form.nestMeta ? { id: image.id, meta } : meta,
    username: usernameValue(image.username),
    baseModel: version?.baseModel ?? null,
    modelVersionIds: image.versionId === null ? [] : [image.versionId],
    ...(form.withTags ? { tags: [{ id: 111 + image.id % 20, name: TAG_NAMES[image.id % 20] }] } : {}),
  };
}

/** Return a user name as the API does: a name that consists only of digits becomes a number. */
export function usernameValue(username: string | null): string | number | null {
  return username !== null && /^\d+$/.test(username) ? Number(username) : username;
}

/**
 * Return the generation data of an image, in one of the forms that occur on the live service; `null` if there is none.
 */
export function imageMeta(seed: number, image: CatalogImage): Readonly<Record<string, unknown>> | null {
  const chance = rollUnit(seed, "meta", image.id);
  if (image.type !== "image" || chance < 0.25) return null;
  const prompt = `word${image.id % 100} style, a cabin under the aurora`;
  if (chance < 0.5) {
    return {
      Size: "832x1216",
      seed: HUGE_SEED,
      steps: 30,
      sampler: "DPM++ 2M Karras",
      cfgScale: 7,
      clipSkip: 2,
      prompt,
      negativePrompt: "lowres",
      Model: "northernSeries_v30XL",
      "Model hash": "11fe7da6ff",
      resources: [{ hash: "11fe7da6ff", name: "northernSeries_v30XL", type: "model" }],
    };
  }
  if (chance < 0.85) {
    const civitaiResources = image.versionId === null
      ? []
      : [{ type: "lora", weight: 0.65, modelVersionId: image.versionId }];
    return {
      Size: "1024x1024",
      seed: 1_938_345_220,
      steps: "25",
      sampler: "Euler a",
      cfgScale: "4.5",
      prompt,
      negativePrompt: "",
      resources: [],
      civitaiResources,
    };
  }
  const graph = { prompt: { 3: { class_type: "KSampler", inputs: { seed: 42, steps: 20 } } }, workflow: { nodes: [] } };
  return { comfy: JSON.stringify(graph), prompt: "", width: 1024, height: 1024 };
}
