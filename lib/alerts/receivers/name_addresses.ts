import type { Receiver } from "./receiver.ts";

/**
 * Assign each receiver a name that stays the same after a restart and when others are added: its `description`, followed
 * by a number if two are equal.
 */
export function nameAddresses(receivers: readonly Receiver[]): ReadonlyMap<string, Receiver> {
  const named = new Map<string, Receiver>();
  for (const receiver of receivers) {
    let target = receiver.description;
    for (let count = 2; named.has(target); count++) target = `${receiver.description} #${count}`;
    named.set(target, receiver);
  }
  return named;
}
