import { asFields, type StateFields, type StateFormat } from "../../base/mod.ts";
import type { StoredItem } from "../catalog/catalog_item.ts";
import { STATE_FOLDER } from "../identity/state_folder.ts";
import { foldPath } from "../naming/fold_path.ts";
import { isInnerPath } from "../resolve_inside.ts";

/** Move a file within the library; its trash is a part of the library. */
export interface MoveOperation {
  /** Discriminates {@linkcode ChangeOperation}. */
  readonly kind: "move";
  /** Key of the item that it is the file of, or that it describes or shows. */
  readonly of: string;
  /** Path relative to the library, with forward slashes. */
  readonly from: string;
  /** Path relative to the library, with forward slashes; nothing may be there. */
  readonly to: string;
  /** Size of the file when the change was planned. */
  readonly bytes: number;
  /** Modification time when the change was planned, in milliseconds since the epoch. */
  readonly mtimeMs: number;
  /** Number of the file in its file system; `null` where it has none. */
  readonly inode: number | null;
}

/** Add, change or remove a row of the catalog. */
export interface RowOperation {
  /** Discriminates {@linkcode ChangeOperation}. */
  readonly kind: "row";
  /** Key of the item. */
  readonly key: string;
  /** The row before the change; `null` if there was none. */
  readonly before: StoredItem | null;
  /** The row after the change; `null` if there is none. */
  readonly after: StoredItem | null;
}

/** Mark a target as not wanted, or take that back. */
export interface MarkOperation {
  /** Discriminates {@linkcode ChangeOperation}. */
  readonly kind: "mark" | "unmark";
  /** What is not wanted: `model:1`, `version:2`, `file:2:3`, `image:4`, `post:5`, `user:NAME`, … */
  readonly target: string;
  /** Name of it, for people; `null` when unknown. */
  readonly name: string | null;
}

/** One step of a change. It can tell from the disk or the catalog whether it is done. */
export type ChangeOperation = MoveOperation | RowOperation | MarkOperation;

/** A change of a library as data: what is to be done, in order. `applyChange` does it, `undoChange` takes it back. */
export interface ChangePlan {
  /** Number of the change in its library. */
  readonly id: number;
  /** Command that planned it, such as `forget`. */
  readonly command: string;
  /** What it is about, for people. */
  readonly title: string;
  /** When it was planned, ISO 8601 UTC. */
  readonly createdAt: string;
  /** What is to be done, in order. */
  readonly operations: readonly ChangeOperation[];
}

/** Folder of the library's trash, relative to the library. */
export const TRASH_FOLDER = `${STATE_FOLDER}/trash`;

/** Return where a change keeps what it takes away from a path; both are relative to the library. */
export function trashPath(id: number, path: string): string {
  return `${TRASH_FOLDER}/${id}/${path}`;
}

/** Whether a path, relative to the library, is in its trash. */
export function isInTrash(path: string): boolean {
  return path.startsWith(`${TRASH_FOLDER}/`);
}

/** The form of the file of a plan. */
export const PLAN_FORMAT: StateFormat<ChangePlan> = {
  schema: "civitai-dl/change-plan",
  version: 1,
  parse: parsePlan,
  loss: "the change cannot be undone",
};

/**
 * Check a plan that was read from a file: nobody else can have written it, and yet it says what is moved where.
 *
 * @throws {SyntaxError} If a field is not right; the message names it
 */
function parsePlan({ id, command, title, createdAt, operations }: StateFields): ChangePlan {
  if (typeof id !== "number" || !Number.isSafeInteger(id) || id < 1) throw new SyntaxError('"id" is no number');
  if (!Array.isArray(operations)) throw new SyntaxError('"operations" is no list');
  return {
    id,
    command: textOf(command, "command"),
    title: textOf(title, "title"),
    createdAt: textOf(createdAt, "createdAt"),
    operations: operations.map((operation: unknown, index) =>
      parseOperation(asFields(operation, `operation ${index + 1}`), id)
    ),
  };
}

function parseOperation(fields: StateFields, id: number): ChangeOperation {
  const { kind } = fields;
  switch (kind) {
    case "move":
      return {
        kind,
        of: textOf(fields.of, "of"),
        from: pathOf(fields.from, "from", id),
        to: pathOf(fields.to, "to", id),
        bytes: numberOf(fields.bytes, "bytes"),
        mtimeMs: numberOf(fields.mtimeMs, "mtimeMs"),
        inode: fields.inode === null ? null : numberOf(fields.inode, "inode"),
      };
    case "row":
      return {
        kind,
        key: textOf(fields.key, "key"),
        before: itemOf(fields.before, "before"),
        after: itemOf(fields.after, "after"),
      };
    case "mark":
    case "unmark":
      return {
        kind,
        target: textOf(fields.target, "target"),
        name: fields.name === null ? null : textOf(fields.name, "name"),
      };
    default:
      throw new SyntaxError(`"${String(kind)}" is no operation`);
  }
}

function textOf(value: unknown, name: string): string {
  if (typeof value === "string") return value;
  throw new SyntaxError(`"${name}" is no text`);
}

function numberOf(value: unknown, name: string): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new SyntaxError(`"${name}" is no number`);
}

function pathOf(value: unknown, name: string, id: number): string {
  const path = textOf(value, name);
  if (isAllowedPath(path, id)) return path;
  throw new SyntaxError(`"${name}" leads out of the library`);
}

/** Whether a change may move from or to a path: one in the library, or in the change's own part of the trash. */
export function isAllowedPath(path: string, id: number): boolean {
  if (!isInnerPath(path)) return false;
  const inTrash = trashPath(id, "");
  if (path.startsWith(inTrash)) return path.length > inTrash.length;
  return foldPath(path.split(/[/\\]/)[0]!) !== STATE_FOLDER;
}

function itemOf(value: unknown, name: string): StoredItem | null {
  if (value === null) return null;
  const fields = asFields(value, `"${name}"`);
  const path = textOf(fields.path, "path");
  if (!isInnerPath(path)) throw new SyntaxError('"path" leads out of the library');
  textOf(fields.key, "key");
  // SQLite checks the types of the rest.
  return fields as unknown as StoredItem;
}
