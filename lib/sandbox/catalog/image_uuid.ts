import { roll } from "../_roll.ts";

/** The name of an image on the image host; its last group is the id of the image. */
export function imageUuid(seed: number, imageId: number): string {
  const hex = (topic: string): string => roll(seed, topic, imageId).toString(16).padStart(8, "0");
  const a = hex("uuid-a");
  const b = hex("uuid-b");
  return `${a}-${b.slice(0, 4)}-4${b.slice(4, 7)}-a${a.slice(1, 4)}-${imageId.toString(16).padStart(12, "0")}`;
}

/** The id in a name; `null` if the name is not from this catalog. */
export function imageIdOf(seed: number, uuid: string): number | null {
  const id = Number.parseInt(uuid.slice(-12), 16);
  return Number.isSafeInteger(id) && imageUuid(seed, id) === uuid ? id : null;
}
