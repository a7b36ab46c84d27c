import type { SettledCatalog } from "./settled_catalog.ts";
import { CREATOR_NAMES, NAME_ADJECTIVES, NAME_NOUNS, NASTY_NAMES } from "./names.ts";
import { rollPick } from "../_roll.ts";

/** Return the name of a creator. Every seventh name consists only of digits. */
export function creatorName(index: number): string {
  if (index % 7 === 1) return `${4711 + index}`;
  return `${CREATOR_NAMES[index % CREATOR_NAMES.length]!}${index < CREATOR_NAMES.length ? "" : index}`;
}

/** Return a nasty name if the model is one that has them, otherwise `null`. Another slot gives another name. */
export function nastyName(settled: SettledCatalog, modelIndex: number, slot: number): string | null {
  const { nastyNames, seed } = settled;
  const rank = Math.floor((modelIndex + 1) * nastyNames);
  if (rank === Math.floor(modelIndex * nastyNames)) return null;
  return NASTY_NAMES[(rank * 3 + slot + seed) % NASTY_NAMES.length]!;
}

/** Return the name of a model. Some names differ from the previous one only in letter case. */
export function modelName(settled: SettledCatalog, modelIndex: number): string {
  const nasty = nastyName(settled, modelIndex, 0);
  if (nasty !== null) return nasty;
  if (settled.nastyNames > 0 && modelIndex % 10 === 7) return plainName(settled.seed, modelIndex - 1).toUpperCase();
  return plainName(settled.seed, modelIndex);
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
