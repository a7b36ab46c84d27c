import type { CatalogSettings } from "./catalog_settings.ts";
import { CREATOR_NAMES, NAME_ADJECTIVES, NAME_NOUNS, NASTY_NAMES } from "./names.ts";
import { rollPick } from "../_roll.ts";

/** Return the name of a creator. Every seventh name consists only of digits. */
export function creatorName(index: number): string {
  if (index % 7 === 1) return `${4711 + index}`;
  return `${CREATOR_NAMES[index % CREATOR_NAMES.length]!}${index < CREATOR_NAMES.length ? "" : index}`;
}

/** Return a nasty name if the model is one that has them, otherwise `null`. Another slot gives another name. */
export function nastyName(settings: CatalogSettings, modelIndex: number, slot: number): string | null {
  const { nastyNames, seed } = settings;
  const rank = Math.floor((modelIndex + 1) * nastyNames);
  if (rank === Math.floor(modelIndex * nastyNames)) return null;
  return NASTY_NAMES[(rank * 3 + slot + seed) % NASTY_NAMES.length]!;
}

/** Return the name of a model. Some names differ from the previous one only in letter case. */
export function modelName(settings: CatalogSettings, modelIndex: number): string {
  const nasty = nastyName(settings, modelIndex, 0);
  if (nasty !== null) return nasty;
  if (settings.nastyNames > 0 && modelIndex % 10 === 7) return plainName(settings.seed, modelIndex - 1).toUpperCase();
  return plainName(settings.seed, modelIndex);
}

/**
 * Build the stem of a file name as the service composes it: letters and digits of both names in camel case, up to 120
 * characters.
 */
export function composeStem(model: string, version: string): string {
  const first = camelCase(model);
  const second = camelCase(version);
  return `${first}_${second}`.slice(0, 120);
}

/** Return a name that is valid on any file system. */
export function plainName(seed: number, modelIndex: number): string {
  const adjective = rollPick(NAME_ADJECTIVES, seed, "adjective", modelIndex);
  const noun = rollPick(NAME_NOUNS, seed, "noun", modelIndex);
  return `${adjective} ${noun} ${modelIndex}`;
}

function camelCase(text: string): string {
  const words = text.match(/[A-Za-z0-9]+/g) ?? [];
  const joined = words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join("");
  return joined === "" ? "" : joined[0]!.toLowerCase() + joined.slice(1);
}
