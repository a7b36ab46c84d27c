import type { ImageItem } from "../../civitai/mod.ts";
import type { Catalog } from "../../library/mod.ts";

/** What the API says of an image, but for its address, which its row has. */
export type ImageFacts = Omit<ImageItem, "url">;

/** Longest text of the generation data of a sample; prompts are shorter, whole workflows are longer. */
const MAX_SAMPLE_CHARS = 10_000;

/**
 * Keep what the API says of an image.
 *
 * @param catalog Gets a note
 * @param image The image
 */
export function keepImageFacts(catalog: Catalog, { url: _, ...facts }: ImageItem): void {
  catalog.setNote(nameOf(facts.id), JSON.stringify(facts));
}

/**
 * Keep what a picture of a gallery shows of a model: its prompt and its settings. The rest, such as a workflow, takes
 * more space than the picture's row by far.
 *
 * @param catalog Gets a note
 * @param image The image
 * @returns Whether it has a prompt: nothing is kept of others
 */
export function keepSample(catalog: Catalog, image: ImageItem): boolean {
  const { prompt } = image.meta ?? {};
  if (typeof prompt !== "string" || prompt.trim() === "") return false;
  if (catalog.note(nameOf(image.id)) !== null) return true;
  const meta = Object.fromEntries(Object.entries(image.meta!).filter(([, value]) => isShort(value)));
  keepImageFacts(catalog, { ...image, meta });
  return true;
}

function isShort(value: unknown): boolean {
  return typeof value === "string" ? value.length <= MAX_SAMPLE_CHARS : ["number", "boolean"].includes(typeof value);
}

/**
 * Read what was kept of an image.
 *
 * @param catalog Has the note
 * @param imageId The image
 * @returns What the API said; `null` if nothing was kept
 */
export function readImageFacts(catalog: Catalog, imageId: number | null): ImageFacts | null {
  const note = imageId === null ? null : catalog.note(nameOf(imageId));
  return note === null ? null : JSON.parse(note) as ImageFacts;
}

function nameOf(imageId: number): string {
  return `image:${imageId}`;
}
