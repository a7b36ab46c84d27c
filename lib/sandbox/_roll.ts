/**
 * Roll a repeatable random number. The same seed, topic and numbers give the same 32 bits, in any order of calls.
 *
 * @param seed The catalog's seed
 * @param topic Name of the attribute, so that the attributes of an object are independent
 * @param numbers Numbers that identify the object
 * @returns An integer in [0, 2^32)
 */
export function roll(seed: number, topic: string, ...numbers: readonly number[]): number {
  let hash = (seed ^ 0x9e3779b9) >>> 0;
  for (let index = 0; index < topic.length; index++) hash = mix(hash, topic.charCodeAt(index));
  for (const number of numbers) {
    hash = mix(hash, number >>> 0);
    if (number > 0xffffffff) hash = mix(hash, Math.floor(number / 0x100000000));
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * Return the same roll as a fraction.
 *
 * @param seed The catalog's seed
 * @param topic Name of the attribute
 * @param numbers Numbers that identify the object
 * @returns A number in [0, 1)
 */
export function rollUnit(seed: number, topic: string, ...numbers: readonly number[]): number {
  return roll(seed, topic, ...numbers) / 0x100000000;
}

/**
 * Return the same roll as an integer in a range.
 *
 * @param range The range; both ends are included
 * @param seed The catalog's seed
 * @param topic Name of the attribute
 * @param numbers Numbers that identify the object
 * @returns An integer from `range.min` to `range.max`
 */
export function rollRange(
  range: { readonly min: number; readonly max: number },
  seed: number,
  topic: string,
  ...numbers: readonly number[]
): number {
  return range.min + Math.floor(rollUnit(seed, topic, ...numbers) * (range.max - range.min + 1));
}

/**
 * Return the same roll as a choice.
 *
 * @param list The values to choose from; not empty
 * @param seed The catalog's seed
 * @param topic Name of the attribute
 * @param numbers Numbers that identify the object
 * @returns One of the values
 */
export function rollPick<T>(list: readonly T[], seed: number, topic: string, ...numbers: readonly number[]): T {
  return list[Math.floor(rollUnit(seed, topic, ...numbers) * list.length)]!;
}

/** One round of MurmurHash3. */
function mix(hash: number, value: number): number {
  const k = Math.imul(value, 0xcc9e2d51);
  const h = hash ^ Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) >>> 0;
}
