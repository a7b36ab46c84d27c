import { KitError } from "../../lib/base/mod.ts";

/**
 * Check that no two rooms export the same name: such names cannot be re-exported from one module, and they confuse
 * readers.
 *
 * @returns One line with the number of names
 * @throws {KitError} `failed` if two rooms export the same name
 */
export async function checkExports(rooms: readonly string[]): Promise<string> {
  const owners = new Map<string, string>();
  const doubles: string[] = [];
  for (const room of rooms) {
    for await (const name of exportedNames(room)) {
      const owner = owners.get(name);
      if (owner !== undefined && owner !== MIRROR && room !== MIRROR) doubles.push(`${name} in ${owner} and ${room}`);
      owners.set(name, room);
    }
  }
  if (doubles.length > 0) throw new KitError("failed", `Two rooms export the same name: ${doubles.join("; ")}`);
  return `${owners.size} names`;
}

/** The sandbox deliberately uses the names of the real client without sharing its code. No other room may do so. */
const MIRROR = "sandbox";

/** The names that a room's `mod.ts` exports; names that it re-exports from another room are skipped. */
async function* exportedNames(room: string): AsyncGenerator<string> {
  const mod = await Deno.readTextFile(`lib/${room}/mod.ts`);
  for (const [, list] of mod.matchAll(/^export (?:type )?\{([^}]*)\} from "\.\//gm)) {
    for (const [, name] of list!.matchAll(/(\w+)\s*(?:,|$)/g)) yield name!;
  }
}
