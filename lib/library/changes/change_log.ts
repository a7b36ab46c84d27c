import { join } from "node:path";
import {
  assertTrustedFolder,
  ensurePrivateFolder,
  formatState,
  isDenoError,
  KitError,
  listIfExists,
  parseState,
  PRIVATE_FILE_MODE,
  readTextNoFollow,
  removeIfExists,
  type StateFields,
  type StateFormat,
  writeAtomic,
} from "../../base/mod.ts";
import { STATE_FOLDER } from "../identity/state_folder.ts";
import { type ChangePlan, isInTrash, PLAN_FORMAT, TRASH_FOLDER } from "./change_plan.ts";

/**
 * How far a change is: `applying` and `undoing` are unfinished. Emptying the trash does not change it.
 */
export type ChangeState = "applying" | "applied" | "undoing" | "undone";

/** What of a change was not done, because its file was not there any more or somebody else's was. */
export interface SkippedFile {
  /** Path relative to the library. */
  readonly path: string;
  /** Why, as shown to the user. */
  readonly reason: string;
}

/** What is known of a change without its plan. */
export interface ChangeRecord {
  /** Number of the change in its library. */
  readonly id: number;
  /** Command that made it, such as `forget`. */
  readonly command: string;
  /** What it is about, for people. */
  readonly title: string;
  /** When it was planned, ISO 8601 UTC. */
  readonly createdAt: string;
  /** How far it is. */
  readonly state: ChangeState;
  /** When the state changed last, ISO 8601 UTC. */
  readonly changedAt: string;
  /** Number of files that it moves. */
  readonly files: number;
  /** Size of these files, in bytes. */
  readonly bytes: number;
  /** Size of those in the trash, in bytes; 0 after it was emptied, and if the change is undone. */
  readonly trashBytes: number;
  /** When its trash was emptied, ISO 8601 UTC; `null` if it was not. */
  readonly emptiedAt: string | null;
  /** What was not done; the first thousand. */
  readonly leftOut: readonly SkippedFile[];
}

const MAX_LEFT_OUT = 1000;
const STATES: readonly ChangeState[] = ["applying", "applied", "undoing", "undone"];

const RECORD_FORMAT: StateFormat<ChangeRecord> = {
  schema: "civitai-dl/change",
  version: 1,
  parse: parseRecord,
  loss: "the change cannot be undone",
};

/**
 * The changes of a library, in files beside its catalog, so that they survive it: one file with the plan, written before
 * the first operation and never changed, and a small one with the state. A plan without a state was never begun.
 */
export class ChangeLog {
  readonly #root: string;
  readonly #folder: string;

  /**
   * Nothing is read or written yet.
   *
   * @param root The library
   */
  constructor(root: string) {
    this.#root = root;
    this.#folder = join(root, STATE_FOLDER, "changes");
  }

  /** Return the number for the next change. The caller holds the lock of the library. */
  async nextId(): Promise<number> {
    const names = [...await listIfExists(this.#folder), ...await listIfExists(join(this.#root, TRASH_FOLDER))];
    return 1 + names.reduce((last, { name }) => Math.max(last, Number(/^(\d{1,15})(?:\.|$)/.exec(name)?.[1] ?? 0)), 0);
  }

  /** List the changes, the newest first. A record that is damaged is left out: its change cannot be undone. */
  async list(): Promise<readonly ChangeRecord[]> {
    const ids = (await listIfExists(this.#folder)).flatMap(({ name }) => /^(\d+)\.state\.json$/.exec(name)?.[1] ?? []);
    const records = await Promise.all(ids.map((id) => this.record(Number(id))));
    return records.filter((record) => record !== null).sort((a, b) => b.id - a.id);
  }

  /** Read what is known of a change; `null` if there is no such change, or its record is damaged. */
  async record(id: number): Promise<ChangeRecord | null> {
    return await readState(this.#statePath(id), RECORD_FORMAT);
  }

  /** Read a plan; `null` if its file is missing or damaged. */
  async plan(id: number): Promise<ChangePlan | null> {
    return await readState(this.#planPath(id), PLAN_FORMAT);
  }

  /** Write a plan, and then that it is being applied. */
  async begin(plan: ChangePlan, at: string): Promise<ChangeRecord> {
    assertTrustedFolder(this.#folder);
    ensurePrivateFolder(this.#folder);
    ensurePrivateFolder(join(this.#root, TRASH_FOLDER));
    await writeAtomic(this.#planPath(plan.id), formatState(plan, PLAN_FORMAT), { mode: PRIVATE_FILE_MODE });
    const { id, command, title, createdAt } = plan;
    const { files, bytes, trashBytes } = sizesOf(plan);
    const facts = { id, command, title, createdAt, files, bytes, trashBytes, emptiedAt: null, leftOut: [] };
    return await this.write({ ...facts, state: "applying", changedAt: at });
  }

  /** Write what is known of a change. */
  async write(record: ChangeRecord): Promise<ChangeRecord> {
    const kept = { ...record, leftOut: record.leftOut.slice(0, MAX_LEFT_OUT) };
    await writeAtomic(this.#statePath(record.id), formatState(kept, RECORD_FORMAT), { mode: PRIVATE_FILE_MODE });
    return kept;
  }

  /** Remove a change of which nothing was done, its state first. */
  async drop(id: number): Promise<void> {
    await removeIfExists(this.#statePath(id));
    await removeIfExists(this.#planPath(id));
  }

  /**
   * Read a change that must exist.
   *
   * @throws {KitError} `usage` if there is none with this number; `integrity` if its plan is damaged
   */
  async find(id: number): Promise<{ readonly record: ChangeRecord; readonly plan: ChangePlan }> {
    const record = await this.record(id);
    if (record === null) {
      throw new KitError("usage", `Cannot find change ${id}: the library has none with this number`, {
        hint: "civitai-dl undo --list shows the changes",
      });
    }
    const plan = await this.plan(id);
    if (plan !== null && plan.id === id) return { record, plan };
    throw new KitError("integrity", `Cannot use change ${id}: "${this.#planPath(id)}" is missing or damaged`, {
      hint: `What it took away is in ${TRASH_FOLDER}/${id} of the library, under its old paths`,
    });
  }

  #planPath(id: number): string {
    return join(this.#folder, `${id}.json`);
  }

  #statePath(id: number): string {
    return join(this.#folder, `${id}.state.json`);
  }
}

async function readState<State>(path: string, format: StateFormat<State>): Promise<State | null> {
  try {
    return parseState(await readTextNoFollow(path), format, path);
  } catch (error) {
    if (isDenoError(error, "NotFound", "NotADirectory") || error instanceof SyntaxError) return null;
    throw error;
  }
}

function sizesOf({ operations }: ChangePlan): Pick<ChangeRecord, "files" | "bytes" | "trashBytes"> {
  const moves = operations.filter((operation) => operation.kind === "move");
  const sum = (of: typeof moves): number => of.reduce((total, { bytes }) => total + bytes, 0);
  return { files: moves.length, bytes: sum(moves), trashBytes: sum(moves.filter(({ to }) => isInTrash(to))) };
}

function parseRecord(fields: StateFields): ChangeRecord {
  const { state, leftOut } = fields;
  const found = STATES.find((name) => name === state);
  if (found === undefined) throw new SyntaxError('"state" is not known');
  for (const name of ["id", "files", "bytes", "trashBytes"]) {
    if (typeof fields[name] !== "number") throw new SyntaxError(`"${name}" is no number`);
  }
  for (const name of ["command", "title", "createdAt", "changedAt"]) {
    if (typeof fields[name] !== "string") throw new SyntaxError(`"${name}" is no text`);
  }
  if (!Array.isArray(leftOut)) throw new SyntaxError('"leftOut" is no list');
  const { schema: _schema, version: _version, ...record } = fields;
  return record as unknown as ChangeRecord;
}
