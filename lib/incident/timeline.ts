import { basename, dirname, join } from "node:path";
import {
  createRedactor,
  ensurePrivateFolder,
  isDiskFault,
  KitError,
  removeIfExists,
  systemFault,
} from "../base/mod.ts";
import { LogWriter, readLines } from "../journal/mod.ts";
import { INCIDENT_PROBLEMS, type IncidentProblem } from "./incident_steps.ts";

/** An entry of a timeline. */
export type IncidentEntry =
  & {
    /** When, in milliseconds. */
    readonly atMs: number;
  }
  & (
    | { readonly type: "start"; readonly problem: IncidentProblem; readonly text: string }
    | { readonly type: "note"; readonly text: string }
    | { readonly type: "command"; readonly words: readonly string[]; readonly exit: number }
    | { readonly type: "close"; readonly text: string }
  );

/** An incident with its timeline. */
export interface Incident {
  /** Its name, made from the time of its start: `20261127-114500`. */
  readonly id: string;
  /** The file of the timeline. */
  readonly path: string;
  /** The entries, in the order of the file. */
  readonly entries: readonly IncidentEntry[];
  /** Lines of the file that could not be read, such as a line that a crash cut off. */
  readonly unreadable: number;
  /** Why there is no timeline, as on a full disk; `null` if there is one. */
  readonly recordError: Error | null;
}

/** A timeline is read by others, so it neither gets nor shows what may be a secret. */
const redact = createRedactor([], { isStrict: true });

/**
 * Find the incident that is not closed.
 *
 * @param folder Folder of the timelines; it need not exist
 * @returns The newest open incident; `undefined` if there is none
 */
export async function findOpenIncident(folder: string): Promise<Incident | undefined> {
  const names: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (!isDirectory && /^\d{8}-\d{6}\.jsonl$/.test(name)) names.push(name);
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    throw error;
  }
  for (const name of names.toSorted().reverse()) {
    const incident = await readIncident(join(folder, name));
    const last = incident.entries.at(-1);
    if (last !== undefined && last.type !== "close") return incident;
  }
  return undefined;
}

/**
 * Begin an incident. If the disk is full or read-only, or the folder is another user's, it begins without a timeline.
 *
 * @param folder Folder of the timelines; it is created
 * @param options What it is about, in a class and in words, and the time in milliseconds
 * @returns The incident
 * @throws {KitError} `unsafe` if one is open
 */
export async function startIncident(
  folder: string,
  options: { readonly problem: IncidentProblem; readonly text: string; readonly atMs: number },
): Promise<Incident> {
  const open = await findOpenIncident(folder);
  if (open !== undefined) {
    throw new KitError("unsafe", `Cannot start an incident: "${open.id}" is open`, {
      hint: "civitai-dl incident status shows it; civitai-dl incident close ends it",
    });
  }
  const { atMs, problem, text } = options;
  const id = new Date(atMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
  const path = join(folder, `${id}.jsonl`);
  const start: IncidentEntry = { atMs, type: "start", problem, text };
  try {
    // The parent is the folder of all logs, which may not exist either.
    ensurePrivateFolder(dirname(folder), { marker: basename(folder) });
    ensurePrivateFolder(folder);
    append(path, start);
  } catch (error) {
    if (!(error instanceof Error) || !(isDiskFault(error) || systemFault(error) === "denied")) throw error;
    // Without a line in it, the file is no timeline. Where it cannot be removed, it was not created.
    await removeIfExists(path).catch(() => {});
    return { id, path, entries: [start], unreadable: 0, recordError: error };
  }
  return await readIncident(path);
}

/**
 * Add a note to an incident.
 *
 * @param incident The incident
 * @param note The text, and the time in milliseconds
 */
export function noteIncident(incident: Incident, note: { readonly text: string; readonly atMs: number }): void {
  append(incident.path, { atMs: note.atMs, type: "note", text: note.text });
}

/**
 * Record that a command ran.
 *
 * @param incident The incident
 * @param run Its name, action and flags without values, its exit code, and the time of its end in milliseconds
 */
export function recordCommand(
  incident: Incident,
  run: { readonly words: readonly string[]; readonly exit: number; readonly atMs: number },
): void {
  append(incident.path, { atMs: run.atMs, type: "command", words: run.words, exit: run.exit });
}

/**
 * Close an incident.
 *
 * @param incident The incident
 * @param end What it was, in words, and the time in milliseconds
 * @returns The incident with its last entry
 */
export async function closeIncident(
  incident: Incident,
  end: { readonly text: string; readonly atMs: number },
): Promise<Incident> {
  append(incident.path, { atMs: end.atMs, type: "close", text: end.text });
  return await readIncident(incident.path);
}

function append(path: string, { atMs, ...entry }: IncidentEntry): void {
  using writer = new LogWriter(path);
  const clean = "text" in entry ? { ...entry, text: redact(entry.text) } : entry;
  writer.append(JSON.stringify({ time: new Date(atMs).toISOString(), ...clean }));
}

async function readIncident(path: string): Promise<Incident> {
  const entries: IncidentEntry[] = [];
  let unreadable = 0;
  await readLines(path, (line) => {
    const entry = parseEntry(line);
    if (entry === undefined) unreadable++;
    else entries.push(entry);
  });
  const id = basename(path, ".jsonl");
  if (!entries.some(({ type }) => type === "start") && !(await isEmpty(path))) entries.unshift(lostStart(id));
  return { id, path, entries, unreadable, recordError: null };
}

async function isEmpty(path: string): Promise<boolean> {
  // A file that was removed meanwhile has nothing in it either.
  return await Deno.stat(path).then(({ size }) => size === 0, () => true);
}

/** Stand in for a start that cannot be read, so that the incident stays open: its name has the time. */
function lostStart(id: string): IncidentEntry {
  const time = id.replace(/^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)$/, "$1-$2-$3T$4:$5:$6Z");
  return { atMs: Date.parse(time), type: "start", problem: "other", text: "the start of the timeline cannot be read" };
}

/** Parse a line; `undefined` if it is not an entry. A timeline may have been cut off or edited. */
function parseEntry(line: string): IncidentEntry | undefined {
  let value: Readonly<Record<string, unknown>>;
  try {
    value = JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    // A crash cut the line off.
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { time, type, problem, words, exit } = value;
  const atMs = typeof time === "string" ? Date.parse(time) : NaN;
  if (Number.isNaN(atMs)) return undefined;
  if (type === "command") {
    const isValid = Array.isArray(words) && words.every((word) => typeof word === "string") && typeof exit === "number";
    return isValid ? { atMs, type, words: words as readonly string[], exit } : undefined;
  }
  if (typeof value.text !== "string") return undefined;
  // An earlier version or an editor may have written it.
  const text = redact(value.text);
  if (type === "note" || type === "close") return { atMs, type, text };
  const known = INCIDENT_PROBLEMS.find((name) => name === problem);
  return type === "start" && known !== undefined ? { atMs, type, problem: known, text } : undefined;
}
