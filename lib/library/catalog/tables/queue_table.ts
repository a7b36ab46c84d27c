import { KitError } from "../../../base/mod.ts";
import type { Database, Row } from "../../database.ts";
import type {
  ExceptedIds,
  ListedEntry,
  ListQueueOptions,
  Queue,
  QueueCounts,
  QueueEnd,
  QueueEntry,
  QueueFailure,
  QueueKind,
  QueueLimits,
  QueueRequest,
  QueueState,
} from "../queue_entry.ts";

/** The queue. `key` makes a request once only; `memory` is what a run of the entry has planned. */
export const QUEUE_TABLE = `
  CREATE TABLE queue (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('download', 'update', 'verify', 'repair')),
    title TEXT NOT NULL, targets TEXT NOT NULL, choice TEXT, except_ids TEXT,
    key TEXT UNIQUE,
    position INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting'
      CHECK (state IN ('waiting', 'running', 'paused', 'done', 'failed', 'cancelled')),
    added_at INTEGER NOT NULL, started_at INTEGER, ended_at INTEGER,
    pid INTEGER, reason TEXT, hint TEXT, counts TEXT, failures TEXT, memory TEXT
  ) STRICT;
  CREATE INDEX queue_open ON queue(position) WHERE ended_at IS NULL;
  CREATE INDEX queue_ended ON queue(ended_at) WHERE ended_at IS NOT NULL;
`;

/** Notes of the whole queue. */
const REVISION = "queue:revision";
const PAUSED = "queue:paused";
const LIMITS = "queue:limits";

const NO_LIMITS: QueueLimits = { bytesPerSecond: null, connections: null };

/** What is listed of an entry. */
const LISTED = "id, kind, title, targets, state, added_at, started_at, ended_at, pid, reason, hint, counts";
const COLUMNS = `${LISTED}, choice, except_ids`;
const MAX_FAILURES = 1000;
/** Entries that have ended are kept up to this number. */
const MAX_ENDED = 1000;

/** See {@linkcode Queue}. */
export class QueueTable implements Queue {
  readonly #db: Database;
  readonly #clock: { now(): number };

  constructor(db: Database, { clock }: { readonly clock: { now(): number } }) {
    this.#db = db;
    this.#clock = clock;
  }

  get revision(): number {
    return Number(this.#note(REVISION) ?? 0);
  }

  get isPaused(): boolean {
    return this.#note(PAUSED) !== null;
  }

  set isPaused(isPaused: boolean) {
    this.#change(() => this.#setNote(PAUSED, isPaused ? "1" : null));
  }

  get limits(): QueueLimits {
    const note = this.#note(LIMITS);
    return note === null ? NO_LIMITS : JSON.parse(note) as QueueLimits;
  }

  set limits(limits: QueueLimits) {
    this.#change(() => this.#setNote(LIMITS, JSON.stringify(limits)));
  }

  add(request: QueueRequest): { readonly entry: QueueEntry; readonly isNew: boolean } {
    const { kind, title, targets, choice, except, key } = request;
    return this.#db.transaction(() => {
      const known = key === null ? undefined : this.#db.get(`SELECT ${COLUMNS} FROM queue WHERE key = ?`, key);
      if (known !== undefined) return { entry: toEntry(known), isNew: false };
      const { lastId } = this.#db.run(
        `INSERT INTO queue (kind, title, targets, choice, except_ids, key, position, added_at)
         VALUES (?, ?, ?, ?, ?, ?, ${LAST_POSITION}, ?)`,
        kind,
        title,
        JSON.stringify(targets),
        toJson(choice),
        toJson(except),
        key,
        this.#clock.now(),
      );
      this.#count();
      return { entry: this.entry(lastId)!, isNew: true };
    });
  }

  entry(id: number, options?: Pick<ListQueueOptions, "holderPid">): QueueEntry | null {
    const row = this.#db.get(`SELECT ${COLUMNS} FROM queue WHERE id = ?`, id);
    if (row === undefined) return null;
    return options === undefined ? toEntry(row) : withoutLost(toEntry(row), options.holderPid);
  }

  list({ holderPid, from = 0, openCount = -1, endedCount = 200 }: ListQueueOptions): readonly ListedEntry[] {
    const running = `SELECT ${LISTED} FROM queue WHERE ended_at IS NULL AND ${RUNS} ORDER BY position`;
    const open =
      `SELECT ${LISTED} FROM queue WHERE ended_at IS NULL AND NOT ${RUNS} ORDER BY position LIMIT ? OFFSET ?`;
    const ended = `SELECT ${LISTED} FROM queue WHERE ended_at IS NOT NULL ORDER BY ended_at DESC, id DESC LIMIT ?`;
    const rows = [
      ...this.#db.all(running, holderPid),
      ...this.#db.all(open, holderPid, openCount, from),
      ...this.#db.all(ended, endedCount),
    ];
    return rows.map((row) => withoutLost(toListed(row), holderPid));
  }

  countOpen({ holderPid }: Pick<ListQueueOptions, "holderPid">): number {
    const sql = `SELECT count(*) AS count FROM queue WHERE ended_at IS NULL AND NOT ${RUNS}`;
    return this.#db.get(sql, holderPid)!.count as number;
  }

  countWaiting({ holderPid }: Pick<ListQueueOptions, "holderPid">): number {
    const sql = `SELECT count(*) AS count FROM queue
      WHERE ended_at IS NULL AND (state = 'waiting' OR (state = 'running' AND pid IS NOT ?))`;
    return this.#db.get(sql, holderPid)!.count as number;
  }

  failures(id: number): readonly QueueFailure[] {
    const text = this.#db.get("SELECT failures FROM queue WHERE id = ?", id)?.failures as string | null | undefined;
    const stored = text == null ? [] : JSON.parse(text) as readonly QueueFailure[];
    return stored.map((failure) => ({ ...OLD_FAILURE, ...failure }));
  }

  recover(): void {
    this.#db.transaction(() => {
      const sql = "UPDATE queue SET state = 'waiting', pid = NULL WHERE ended_at IS NULL AND state = 'running'";
      if (this.#db.run(sql).changes > 0) this.#count();
    });
  }

  claim(pid: number): QueueEntry | null {
    return this.#db.transaction(() => {
      if (this.isPaused) return null;
      const sql = "SELECT id FROM queue WHERE ended_at IS NULL AND state = 'waiting' ORDER BY position LIMIT 1";
      const id = this.#db.get(sql)?.id as number | undefined;
      if (id === undefined) return null;
      const update = `UPDATE queue SET state = 'running', pid = ?, started_at = coalesce(started_at, ?), reason = NULL,
        hint = NULL WHERE id = ?`;
      this.#db.run(update, pid, this.#clock.now(), id);
      this.#count();
      return this.entry(id);
    });
  }

  end(id: number, { state, reason, hint, counts, failures }: QueueEnd): QueueEntry | null {
    return this.#db.transaction(() => {
      const kept = failures.slice(0, MAX_FAILURES);
      const sql = `UPDATE queue SET state = ?, pid = NULL, ended_at = ?, reason = ?, hint = ?, counts = ?, failures = ?,
        memory = NULL WHERE id = ? AND state = 'running'`;
      const { changes } = this.#db.run(
        sql,
        state,
        this.#clock.now(),
        reason,
        hint,
        toJson(counts),
        kept.length === 0 ? null : JSON.stringify(kept),
        id,
      );
      if (changes > 0) {
        this.#forgetOld();
        this.#count();
      }
      return this.entry(id);
    });
  }

  release(id: number, { reason, hint }: Pick<QueueEntry, "reason" | "hint"> = { reason: null, hint: null }): void {
    this.#db.transaction(() => {
      const sql = `UPDATE queue SET state = 'waiting', pid = NULL, reason = ?, hint = ?
        WHERE id = ? AND state = 'running'`;
      if (this.#db.run(sql, reason, hint, id).changes > 0) this.#count();
    });
  }

  first(id: number): QueueEntry {
    const sql = `UPDATE queue SET position =
      (SELECT coalesce(min(position), 0) FROM queue WHERE ended_at IS NULL) - 1 WHERE id = ?`;
    return this.#move(id, { what: "put first", from: ["waiting", "paused"] }, () => this.#db.run(sql, id));
  }

  pause(id: number): QueueEntry {
    const sql = "UPDATE queue SET state = 'paused', pid = NULL WHERE id = ?";
    return this.#move(id, { what: "pause", from: ["waiting", "running"] }, () => this.#db.run(sql, id));
  }

  resume(id: number): QueueEntry {
    const sql = "UPDATE queue SET state = 'waiting' WHERE id = ?";
    return this.#move(id, { what: "resume", from: ["paused"] }, () => this.#db.run(sql, id));
  }

  cancel(id: number): QueueEntry {
    const sql = "UPDATE queue SET state = 'cancelled', pid = NULL, ended_at = ? WHERE id = ?";
    return this.#move(id, { what: "cancel", from: ["waiting", "running", "paused"] }, () => {
      this.#db.run(sql, this.#clock.now(), id);
      this.#forgetOld();
    });
  }

  retry(id: number): QueueEntry {
    const sql = `UPDATE queue SET state = 'waiting', ended_at = NULL, reason = NULL, hint = NULL, counts = NULL,
      failures = NULL, started_at = NULL, position = ${LAST_POSITION} WHERE id = ?`;
    return this.#move(id, { what: "retry", from: ["failed", "cancelled"] }, () => this.#db.run(sql, id));
  }

  memory(id: number): unknown {
    const text = this.#db.get("SELECT memory FROM queue WHERE id = ?", id)?.memory as string | null | undefined;
    return text == null ? null : JSON.parse(text) as unknown;
  }

  remember(id: number, memory: unknown): void {
    this.#db.run("UPDATE queue SET memory = ? WHERE id = ?", toJson(memory), id);
  }

  unsettled(): readonly QueueEntry[] {
    const sql = `SELECT ${COLUMNS} FROM queue
      WHERE ended_at IS NOT NULL AND state = 'cancelled' AND memory IS NOT NULL ORDER BY id`;
    return this.#db.all(sql).map(toEntry);
  }

  /** Change an entry that is in one of some states. */
  #move(
    id: number,
    { what, from }: { readonly what: string; readonly from: readonly QueueState[] },
    change: () => void,
  ): QueueEntry {
    return this.#db.transaction(() => {
      const entry = this.entry(id);
      if (entry === null || !from.includes(entry.state)) {
        const state = entry === null ? "there is none with this number" : `it is ${entry.state}`;
        throw new KitError("unsafe", `Cannot ${what} entry ${id} of the queue: ${state}`);
      }
      change();
      this.#count();
      return this.entry(id)!;
    });
  }

  #change(change: () => void): void {
    this.#db.transaction(() => {
      change();
      this.#count();
    });
  }

  #count(): void {
    this.#db.run(
      `INSERT INTO notes (name, value) VALUES (?, '1')
       ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)`,
      REVISION,
    );
  }

  /** Forget the oldest of the entries that have ended, unless something of them has to be withdrawn. */
  #forgetOld(): void {
    this.#db.run(
      `DELETE FROM queue WHERE memory IS NULL AND id IN (
         SELECT id FROM queue WHERE ended_at IS NOT NULL ORDER BY ended_at DESC, id DESC LIMIT -1 OFFSET ?)`,
      MAX_ENDED,
    );
  }

  #note(name: string): string | null {
    return (this.#db.get("SELECT value FROM notes WHERE name = ?", name)?.value as string | undefined) ?? null;
  }

  #setNote(name: string, value: string | null): void {
    if (value === null) this.#db.run("DELETE FROM notes WHERE name = ?", name);
    else this.#db.run("INSERT OR REPLACE INTO notes (name, value) VALUES (?, ?)", name, value);
  }
}

/** What a failure lacks that was stored before these were. */
const OLD_FAILURE: Pick<QueueFailure, "kind" | "model"> = { kind: "failed", model: null };

/** Whether an entry is run by the process that holds the library. */
const RUNS = "(state = 'running' AND pid IS ?)";

/** The position behind all entries that have not ended. */
const LAST_POSITION = "(SELECT coalesce(max(position), 0) + 1 FROM queue WHERE ended_at IS NULL)";

/** Let an entry wait again whose process does not hold the library any more. */
function withoutLost<Entry extends ListedEntry>(entry: Entry, holderPid: number | null): Entry {
  const isLost = entry.state === "running" && entry.pid !== holderPid;
  return isLost ? { ...entry, state: "waiting", pid: null } : entry;
}

function toEntry(row: Row): QueueEntry {
  return {
    ...toListed(row),
    choice: fromJson(row.choice),
    except: fromJson(row.except_ids) as ExceptedIds | null,
  };
}

function toListed(row: Row): ListedEntry {
  return {
    id: row.id as number,
    kind: row.kind as QueueKind,
    title: row.title as string,
    targets: JSON.parse(row.targets as string) as readonly unknown[],
    state: row.state as QueueState,
    addedAt: row.added_at as number,
    startedAt: row.started_at as number | null,
    endedAt: row.ended_at as number | null,
    pid: row.pid as number | null,
    reason: row.reason as string | null,
    hint: row.hint as string | null,
    counts: toCounts(row.counts),
  };
}

/** Read counts; old ones do not tell what was fetched from what was there. */
function toCounts(text: unknown): QueueCounts | null {
  const counts = fromJson(text) as QueueCounts | null;
  return counts === null ? null : { ...counts, there: counts.there ?? 0 };
}

function toJson(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}

function fromJson(text: unknown): unknown {
  return text === null ? null : JSON.parse(text as string) as unknown;
}
