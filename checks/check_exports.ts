import { KitError } from "../lib/base/mod.ts";

/**
 * A name that two rooms export cannot be re-exported together, and confuses readers.
 *
 * @param rooms The rooms
 * @returns One line for a person
 * @throws {KitError} `failed` for a name that stands twice
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
  if (doubles.length > 0) throw new KitError("failed", `Cannot accept exported names: ${doubles.join("; ")}`);
  return `${owners.size} names`;
}

/** The sandbox shares names with the real thing on purpose, and none of its code; no other room may. */
const MIRROR = "sandbox";

async function* exportedNames(room: string): AsyncGenerator<string> {
  const mod = await Deno.readTextFile(`lib/${room}/mod.ts`);
  for (const [, file] of mod.matchAll(/^export \* from "\.\/(.+)";$/gm)) {
    const text = await Deno.readTextFile(`lib/${room}/${file}`);
    for (
      const [, name] of text.matchAll(/^export (?:abstract |async )?(?:function\*?|class|const|interface|type) (\w+)/gm)
    ) yield name!;
  }
}
