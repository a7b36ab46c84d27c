/** Folder of the classic layout that a model's tags select. */
type Category =
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

/** Keywords of each category, in the order in which categories are tried. */
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
 * Choose a model's category as the earlier tool did: a tag that equals a category's name wins, then a tag that contains
 * a keyword.
 *
 * @param tags The model's tags, in any letter case
 * @returns The category; `MISC` if no tag matches
 */
export function classifyCategory(tags: readonly string[]): Category {
  const lower = tags.map((tag) => tag.toLowerCase());
  const categories = Object.keys(KEYWORDS) as (keyof typeof KEYWORDS)[];
  return categories.find((category) => lower.includes(category.toLowerCase())) ??
    categories.find((category) => KEYWORDS[category].some((word) => lower.some((tag) => tag.includes(word)))) ??
    "MISC";
}
