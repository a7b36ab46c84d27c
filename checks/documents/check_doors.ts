import { exists, walk } from "@std/fs";
import { dirname, join, relative } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import { lastLines, runDeno } from "../run_deno.ts";

/** Options of {@linkcode checkDoors}. */
export interface CheckDoorsOptions {
  /**
   * Root of the repository.
   *
   * @default {the working directory}
   */
  readonly folder?: string | undefined;
  /** Stops Deno. */
  readonly signal: AbortSignal;
}

/**
 * Check the doors, which are the `mod.ts` of all rooms. A name that a door exports must be imported outside of its room
 * and the room's own tests, or by an example that names the published module, or be a type that the signature of such a
 * name needs, or an error that its description says it throws. And no two rooms may export the same name: such names
 * cannot be re-exported from one module, and they confuse readers.
 *
 * @returns One line with the number of names
 * @throws {KitError} `failed` if nobody needs a name, or two rooms export it
 */
export async function checkDoors({ folder = ".", signal }: CheckDoorsOptions): Promise<string> {
  const doors = await readDoors(folder, signal);
  const idle = findIdleNames(doors, await collectUses(folder));
  const doubles = findDoubles(doors);
  if (doubles.length > 0) throw new KitError("failed", `Two rooms export the same name: ${doubles.join("; ")}`);
  if (idle.length > 0) {
    const hint = "Take them out of mod.ts; a test of the room imports the file that it tests";
    throw new KitError("failed", `Nobody outside of the room needs ${idle.join("; ")}`, { hint });
  }
  return `${[...doors.values()].reduce((sum, names) => sum + names.size, 0)} names`;
}

/** A name that a door exports. */
interface DoorName {
  /** Names of types in its signature. */
  readonly needs: ReadonlySet<string>;
  /** Whether it comes from another room. */
  readonly isPassedOn: boolean;
}

/** The names of each room's door. */
type Doors = ReadonlyMap<string, ReadonlyMap<string, DoorName>>;

/** A declaration, as far as this file reads `deno doc --json`. */
interface Declaration {
  readonly location: { readonly filename: string; readonly line: number };
  readonly kind: string;
  readonly def?: { readonly target?: Declaration["location"] };
}

interface DocumentedModules {
  readonly nodes: Readonly<
    Record<string, { readonly symbols: readonly { readonly name: string; readonly declarations: Declaration[] }[] }>
  >;
}

async function readDoors(folder: string, signal: AbortSignal): Promise<Doors> {
  const rooms: string[] = [];
  for await (const { name } of Deno.readDir(join(folder, "lib"))) {
    if (await exists(join(folder, "lib", name, "mod.ts"))) rooms.push(name);
  }
  const paths = rooms.toSorted().map((room) => `lib/${room}/mod.ts`);
  const run = await runDeno(["doc", "-q", "--json", ...paths], { folder, signal });
  if (run.code !== 0) throw new KitError("failed", lastLines(run));
  const { nodes } = JSON.parse(run.out) as DocumentedModules;
  const placeOf = ({ filename, line }: Declaration["location"]) => `${filename}:${line}`;
  const types = new Map<string, ReadonlySet<string>>();
  for (const { declarations } of Object.values(nodes).flatMap(({ symbols }) => symbols)) {
    for (const one of declarations) types.set(placeOf(one.location), collectTypes(one));
  }
  const doors = new Map<string, Map<string, DoorName>>();
  for (const [url, { symbols }] of Object.entries(nodes)) {
    const names = symbols.map(({ name, declarations }): [string, DoorName] => {
      const targets = declarations.map(({ def, location }) => def?.target ?? location);
      const needs = new Set(targets.flatMap((target) => [...types.get(placeOf(target)) ?? []]));
      return [name, { needs, isPassedOn: declarations.some(({ kind }) => kind === "reference") }];
    });
    doors.set(url.split("/").at(-2)!, new Map(names));
  }
  return doors;
}

/** Collect the types that a declaration names, also those of the errors that it documents. */
function collectTypes(node: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (typeof node !== "object" || node === null) return found;
  const { kind, value, extends: base } = node as Readonly<Record<string, unknown>>;
  if (kind === "typeRef") found.add((value as { readonly typeName: string }).typeName);
  if (kind === "typeQuery") found.add(String(value));
  if (typeof base === "string") found.add(base);
  for (const child of Object.values(node)) collectTypes(child, found);
  return found;
}

/** An import or a re-export by names, also in an example. */
const BY_NAMES = /\b(?:import|export)\s+(?:type\s+)?\{([^}]*)\}\s+from\s+"([^"]+)"/g;
/** An import of a whole module: any word of the file may be a name of it. */
const WHOLE = /\bimport\(\s*"([^"]+)"|\bimport \* as \w+ from "([^"]+)"/g;
/** The name by which others import a room. */
const PUBLISHED = /^@civitai-dl\/civitai-dl\/(\w+)$/;

/** Collect which names of each room are imported outside of it. */
async function collectUses(folder: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const uses = new Map<string, Set<string>>();
  for await (const path of listTexts(folder)) {
    const file = relative(folder, path).replaceAll("\\", "/");
    const text = await Deno.readTextFile(path);
    const note = (specifier: string, names: string) => {
      const room = roomOf(file, specifier);
      if (room === null) return;
      const known = uses.get(room) ?? new Set();
      for (const [name] of names.matchAll(/\w+/g)) known.add(name);
      uses.set(room, known);
    };
    for (const [, names, specifier] of text.matchAll(BY_NAMES)) note(specifier!, names!);
    for (const [, dynamic, namespace] of text.matchAll(WHOLE)) note((dynamic ?? namespace)!, text);
  }
  return uses;
}

/** List the files in which something of a room may be imported. */
async function* listTexts(folder: string): AsyncGenerator<string> {
  const options = { exts: [".ts", ".tsx", ".md"], includeDirs: false };
  for await (const { path } of walk(folder, { ...options, maxDepth: 1 })) yield path;
  for (const name of ["lib", "scripts", "checks", "benchmarks", "tests", "docs"]) {
    const within = join(folder, name);
    if (await exists(within)) { for await (const { path } of walk(within, options)) yield path; }
  }
}

/** Return the room whose door a file imports from outside; `null` if it imports none. */
function roomOf(file: string, specifier: string): string | null {
  const published = PUBLISHED.exec(specifier);
  if (published !== null) return published[1]!;
  const target = join(dirname(file), specifier).replaceAll("\\", "/");
  const room = /^lib\/(\w+)\/mod\.ts$/.exec(target)?.[1];
  if (room === undefined || file.startsWith(`lib/${room}/`) || file.startsWith(`tests/${room}/`)) return null;
  return room;
}

/** Names that nobody outside of the room uses, and no signature of a used one needs. */
function findIdleNames(doors: Doors, uses: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const idle: string[] = [];
  for (const [room, names] of doors) {
    const needed = new Set<string>();
    const open = [...names.keys()].filter((name) => uses.get(room)?.has(name));
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (needed.has(name) || !names.has(name)) continue;
      needed.add(name);
      open.push(...names.get(name)!.needs);
    }
    for (const name of names.keys()) if (!needed.has(name)) idle.push(`${name} of ${room}`);
  }
  return idle;
}

/** The sandbox deliberately uses the names of the real client without sharing its code. No other room may do so. */
const MIRROR = "sandbox";

/** Names that two rooms declare. */
function findDoubles(doors: Doors): readonly string[] {
  const owners = new Map<string, string>();
  const doubles: string[] = [];
  for (const [room, names] of doors) {
    if (room === MIRROR) continue;
    for (const [name, { isPassedOn }] of names) {
      if (isPassedOn) continue;
      const owner = owners.get(name);
      if (owner !== undefined) doubles.push(`${name} in ${owner} and ${room}`);
      owners.set(name, room);
    }
  }
  return doubles;
}
