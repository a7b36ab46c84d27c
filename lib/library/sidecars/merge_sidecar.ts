import { isFields, parseLossless } from "../_lossless_json.ts";
import { fromRows, isRows, toRows } from "./_rows_by_id.ts";
import { fieldDigest } from "./field_digest.ts";
import type { JsonObject } from "../json_object.ts";

/**
 * Digests of the fields that this program wrote, by JSON pointer. The empty pointer refers to a whole text file. Stored
 * in the catalog.
 */
export type SidecarMemory = Readonly<Record<string, string>>;

/** Result of merging one sidecar. */
export interface SidecarMerge {
  /**
   * `kept` means that the whole file is left unchanged, because it cannot be parsed, or someone else wrote or edited
   * it.
   */
  readonly status: "created" | "updated" | "unchanged" | "kept";
  /** The complete new text; `null` if nothing has to be written. */
  readonly content: string | null;
  /** Memory to pass to the next merge. */
  readonly memory: SidecarMemory;
  /** Why the file is left unchanged; `null` unless the status is `kept`. */
  readonly reason: string | null;
}

/** What {@linkcode mergeSidecar} knows about an existing sidecar. */
export interface SidecarKnowledge {
  /** Memory of the last merge; without it, only facts change. */
  readonly previous?: SidecarMemory | null | undefined;
  /**
   * JSON pointers of fields that state a fact about the file on disk, such as its hash. They take the new value whoever
   * wrote the old one, since it is wrong.
   */
  readonly facts?: readonly string[] | undefined;
}

/**
 * Merge new content into a sidecar that other tools and the user also write. A field that still has the value of the
 * last write takes the new value. Fields with any other value, unknown fields and deleted fields stay as they are.
 *
 * @param existing Text of the file; `null` or blank if there is none
 * @param ours New content: an object, or a list of objects with an `id`
 * @param knowledge Memory of the last merge, and which fields are facts
 * @returns The new text, if any, and the new memory
 */
export function mergeSidecar(
  existing: string | null,
  ours: JsonObject | readonly JsonObject[],
  knowledge: SidecarKnowledge = {},
): SidecarMerge {
  const { previous = null, facts = [] } = knowledge;
  // Converted to text and back, as the file will be read again: undefined fields disappear, dates become strings.
  const wanted: unknown = JSON.parse(JSON.stringify(ours));
  if (existing === null || isBlank(existing)) {
    const memory: Record<string, string> = {};
    rememberLeaves(isRows(wanted) ? fromRows(wanted) : wanted, "", memory);
    return { status: "created", content: print(wanted, "  "), memory, reason: null };
  }
  const found = parse(existing);
  const sameShape = isRows(wanted) ? isRows(found) : isFields(found);
  if (!sameShape) return keepExisting(previous, "it is not JSON of the expected shape");
  const merge = new Merge(previous ?? {}, new Set(facts));
  const merged = isRows(wanted) && isRows(found)
    ? toRows(merge.fields(fromRows(found), fromRows(wanted), ""))
    : merge.fields(found as JsonObject, wanted as JsonObject, "");
  return {
    status: merge.changed ? "updated" : "unchanged",
    content: merge.changed ? print(merged, indentOf(existing)) : null,
    memory: merge.memory,
    reason: null,
  };
}

/** One merge of two trees. */
class Merge {
  changed = false;
  readonly memory: Record<string, string>;
  readonly #previous: SidecarMemory;
  readonly #facts: ReadonlySet<string>;

  constructor(previous: SidecarMemory, facts: ReadonlySet<string>) {
    this.#previous = previous;
    this.#facts = facts;
    this.memory = { ...previous };
  }

  fields(found: JsonObject, wanted: JsonObject, pointer: string): JsonObject {
    // A map, because `__proto__` is a key like any other here.
    const result = new Map(Object.entries(found));
    for (const [key, value] of Object.entries(wanted)) {
      const here = `${pointer}/${escapeKey(key)}`;
      const old = result.get(key);
      if (isFields(value) && (isFields(old) || !result.has(key))) {
        const below = this.fields(isFields(old) ? old : {}, value, here);
        if (result.has(key) || Object.keys(below).length > 0) result.set(key, below);
      } else if (!result.has(key)) {
        if (this.#mayAdd(here, value)) result.set(key, value);
      } else if (this.#mayReplace(here, old, value)) {
        result.set(key, value);
      }
    }
    return Object.fromEntries(result);
  }

  /** Whether a missing field may be added: not if it was written before and someone removed it. */
  #mayAdd(pointer: string, value: unknown): boolean {
    if (this.#previous[pointer] !== undefined) return false;
    return this.#write(pointer, fieldDigest(value));
  }

  #mayReplace(pointer: string, old: unknown, value: unknown): boolean {
    const oldDigest = fieldDigest(old);
    const newDigest = fieldDigest(value);
    if (oldDigest === newDigest) return false;
    if (this.#previous[pointer] === oldDigest || this.#facts.has(pointer)) return this.#write(pointer, newDigest);
    delete this.memory[pointer];
    return false;
  }

  #write(pointer: string, digest: string): true {
    this.changed = true;
    this.memory[pointer] = digest;
    return true;
  }
}

/** Add the digests of all fields below a pointer to a memory. */
function rememberLeaves(value: unknown, pointer: string, memory: Record<string, string>): void {
  if (!isFields(value)) {
    memory[pointer] = fieldDigest(value);
    return;
  }
  for (const [key, field] of Object.entries(value)) rememberLeaves(field, `${pointer}/${escapeKey(key)}`, memory);
}

function keepExisting(previous: SidecarMemory | null, reason: string): SidecarMerge {
  return { status: "kept", content: null, memory: previous ?? {}, reason };
}

/** After a power cut, a file that was not flushed can be empty or full of zeros. */
function isBlank(text: string): boolean {
  return /^[\s\0]*$/.test(text);
}

function parse(text: string): unknown {
  try {
    return parseLossless(text);
  } catch {
    // The caller leaves the file alone and reports it.
    return undefined;
  }
}

function indentOf(text: string): string {
  return /^\s*[{[]\r?\n([ \t]{1,8})\S/.exec(text)?.[1] ?? "  ";
}

function print(value: unknown, indent: string): string {
  return `${JSON.stringify(value, null, indent)}\n`;
}

function escapeKey(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}
