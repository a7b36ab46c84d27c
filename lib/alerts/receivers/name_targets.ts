import type { Receiver } from "./receiver.ts";

/**
 * Give each address of a receiver a name that is the same after a restart, and when others are added: what it says of
 * itself, with a number where two say the same.
 */
export function nameTargets(
  receivers: ReadonlyMap<string, readonly Receiver[]>,
): ReadonlyMap<string, ReadonlyMap<string, Receiver>> {
  return new Map(
    [...receivers].map(([name, list]) => {
      const named = new Map<string, Receiver>();
      for (const receiver of list) {
        let target = receiver.describe;
        for (let count = 2; named.has(target); count++) target = `${receiver.describe} #${count}`;
        named.set(target, receiver);
      }
      return [name, named];
    }),
  );
}
