/** The folder that a model's tags put it into. */
export type Category =
  | "CONCEPT"
  | "CHARACTER"
  | "STYLE"
  | "POSE"
  | "CLOTHING"
  | "OBJECT"
  | "BACKGROUND"
  | "ANIMAL"
  | "VEHICLE"
  | "MISC";

/** The words of each category, in the order in which they are tried. */
const KEYWORDS: Readonly<Record<Exclude<Category, "MISC">, readonly string[]>> = {
  CONCEPT: ["concept", "concepts", "technique"],
  CHARACTER: ["character", "characters", "person", "celebrity"],
  STYLE: ["style", "styles", "art style", "artist"],
  POSE: ["pose", "poses", "position", "posing"],
  CLOTHING: ["clothing", "outfit", "clothes", "dress"],
  OBJECT: ["object", "objects", "item", "tool"],
  BACKGROUND: ["background", "scene", "location", "environment"],
  ANIMAL: ["animal", "animals", "creature"],
  VEHICLE: ["vehicle", "car", "airplane", "ship"],
};

/**
 * Choose a model's category as the earlier tool did: a tag that is a category's name wins, then a keyword inside a tag.
 *
 * @param tags The model's tags
 * @returns The category; `MISC` if no tag says
 */
export function classifyCategory(tags: readonly string[]): Category {
  const lower = tags.map((tag) => tag.toLowerCase());
  const categories = Object.keys(KEYWORDS) as (keyof typeof KEYWORDS)[];
  return categories.find((category) => lower.includes(category.toLowerCase())) ??
    categories.find((category) => KEYWORDS[category].some((word) => lower.some((tag) => tag.includes(word)))) ??
    "MISC";
}
