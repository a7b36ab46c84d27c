/** What filters, counts and orders need of a model: numbers, those of words from `Terms`. */
export interface ColumnRow {
  readonly id: number;
  readonly type: number;
  /** 0 for none. */
  readonly creator: number;
  /** Bits of maturity. */
  readonly level: number;
  /** Place in `MODEL_STATES`. */
  readonly state: number;
  readonly bytes: number;
  readonly added: number;
  readonly updated: number;
  readonly bases: readonly number[];
  readonly tags: readonly number[];
  readonly roots: readonly number[];
}

/** Rows that have changed, by id, and ids of models that are gone. */
export interface ColumnRows {
  readonly rows: readonly ColumnRow[];
  readonly removed: readonly number[];
}

/** Rows by column, in the order of their ids. */
export type ColumnLists = {
  readonly [Name in keyof ColumnRow]: readonly ColumnRow[Name][];
};

/** A list of numbers for each place: those of place `p` are from `starts[p]` to `starts[p + 1]`. */
export interface NumberLists {
  readonly starts: Uint32Array;
  readonly values: Uint32Array;
}

const NUMBERS = ["id", "type", "creator", "level", "state", "bytes", "added", "updated"] as const;
type NumberColumn = typeof NUMBERS[number];
const LISTS = ["bases", "tags", "roots"] as const;
type ListColumn = typeof LISTS[number];

type Numbers = Readonly<Record<NumberColumn, Float64Array | Uint32Array | Uint8Array>>;

/**
 * The columns of all models, in the order of their ids: some twelve megabytes for a hundred thousand. Filters and counts
 * read them from end to end, which takes some milliseconds; the same in SQL takes some hundred.
 */
export class ModelColumns {
  readonly count: number;
  readonly id: Float64Array;
  readonly type: Uint32Array;
  readonly creator: Uint32Array;
  readonly level: Uint8Array;
  readonly state: Uint8Array;
  readonly bytes: Float64Array;
  readonly added: Float64Array;
  readonly updated: Float64Array;
  readonly bases: NumberLists;
  readonly tags: NumberLists;
  readonly roots: NumberLists;

  private constructor(numbers: Numbers, lists: Readonly<Record<ListColumn, NumberLists>>) {
    this.count = numbers.id.length;
    this.id = numbers.id as Float64Array;
    this.type = numbers.type as Uint32Array;
    this.creator = numbers.creator as Uint32Array;
    this.level = numbers.level as Uint8Array;
    this.state = numbers.state as Uint8Array;
    this.bytes = numbers.bytes as Float64Array;
    this.added = numbers.added as Float64Array;
    this.updated = numbers.updated as Float64Array;
    this.bases = lists.bases;
    this.tags = lists.tags;
    this.roots = lists.roots;
  }

  /** Take rows by column. */
  static of(columns: ColumnLists): ModelColumns {
    const lists = (name: ListColumn): NumberLists => {
      const starts = new Uint32Array(columns[name].length + 1);
      columns[name].forEach((list, place) => starts[place + 1] = starts[place]! + list.length);
      return { starts, values: Uint32Array.from(columns[name].flat()) };
    };
    return new ModelColumns({
      id: Float64Array.from(columns.id),
      type: Uint32Array.from(columns.type),
      creator: Uint32Array.from(columns.creator),
      level: Uint8Array.from(columns.level),
      state: Uint8Array.from(columns.state),
      bytes: Float64Array.from(columns.bytes),
      added: Float64Array.from(columns.added),
      updated: Float64Array.from(columns.updated),
    }, { bases: lists("bases"), tags: lists("tags"), roots: lists("roots") });
  }

  /** Put parts together, each with higher ids than the one before. */
  static concat(parts: readonly ModelColumns[]): ModelColumns {
    const only = parts.length === 1 ? parts[0] : undefined;
    return only ?? join(parts.map((columns) => ({ columns, from: 0, to: columns.count })));
  }

  /** Find the place of a model; -1 if there is none. */
  placeOf(id: number): number {
    const place = this.#placeFrom(id);
    return this.id[place] === id ? place : -1;
  }

  /** Return 1 at the places of these models, 0 at others. */
  flagsOf(ids: readonly number[]): Uint8Array {
    const flags = new Uint8Array(this.count);
    for (const id of ids) {
      const place = this.placeOf(id);
      if (place !== -1) flags[place] = 1;
    }
    return flags;
  }

  /** Return the columns after a change. */
  with({ rows, removed }: ColumnRows): ModelColumns {
    const isGone = new Set(removed);
    const changes = [...rows.map((row) => ({ id: row.id, row })), ...[...isGone].map((id) => ({ id, row: null }))]
      .sort((a, b) => a.id - b.id);
    if (changes.length === 0) return this;
    const fresh = ModelColumns.of(
      Object.fromEntries(
        [...NUMBERS, ...LISTS].map((name) => [name, rows.map((row) => row[name])]),
      ) as unknown as ColumnLists,
    );
    const runs: Run[] = [];
    let from = 0;
    let next = 0;
    for (const { id, row } of changes) {
      const place = this.#placeFrom(id);
      if (place > from) runs.push({ columns: this, from, to: place });
      from = this.id[place] === id ? place + 1 : place;
      if (row === null) continue;
      const last = runs.at(-1);
      // While an index is made, all of them follow each other.
      if (last?.columns === fresh) last.to = ++next;
      else runs.push({ columns: fresh, from: next, to: ++next });
    }
    runs.push({ columns: this, from, to: this.count });
    return join(runs);
  }

  /** The first place whose id is not lower. */
  #placeFrom(id: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.id[middle]! < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Make columns of others; for {@linkcode join} alone. */
  static from(numbers: Numbers, lists: Readonly<Record<ListColumn, NumberLists>>): ModelColumns {
    return new ModelColumns(numbers, lists);
  }
}

/** Columns without a model. */
export const NO_COLUMNS: ModelColumns = ModelColumns.of({
  id: [],
  type: [],
  creator: [],
  level: [],
  state: [],
  bytes: [],
  added: [],
  updated: [],
  bases: [],
  tags: [],
  roots: [],
});

/** Places of columns. */
interface Run {
  readonly columns: ModelColumns;
  readonly from: number;
  to: number;
}

function join(runs: readonly Run[]): ModelColumns {
  const count = runs.reduce((sum, { from, to }) => sum + to - from, 0);
  const numbers = <A extends Float64Array | Uint32Array | Uint8Array>(name: NumberColumn, all: A): A => {
    let at = 0;
    for (const { columns, from, to } of runs) {
      all.set(columns[name].subarray(from, to), at);
      at += to - from;
    }
    return all;
  };
  const lists = (name: ListColumn): NumberLists => joinLists(name, runs, count);
  return ModelColumns.from({
    id: numbers("id", new Float64Array(count)),
    type: numbers("type", new Uint32Array(count)),
    creator: numbers("creator", new Uint32Array(count)),
    level: numbers("level", new Uint8Array(count)),
    state: numbers("state", new Uint8Array(count)),
    bytes: numbers("bytes", new Float64Array(count)),
    added: numbers("added", new Float64Array(count)),
    updated: numbers("updated", new Float64Array(count)),
  }, { bases: lists("bases"), tags: lists("tags"), roots: lists("roots") });
}

function joinLists(name: ListColumn, runs: readonly Run[], count: number): NumberLists {
  const length = ({ columns, from, to }: Run): number => columns[name].starts[to]! - columns[name].starts[from]!;
  const starts = new Uint32Array(count + 1);
  const values = new Uint32Array(runs.reduce((sum, run) => sum + length(run), 0));
  let place = 0;
  let at = 0;
  for (const run of runs) {
    const { columns, from, to } = run;
    const theirs = columns[name];
    const theirStarts = theirs.starts;
    const first = theirStarts[from]!;
    values.set(theirs.values.subarray(first, theirStarts[to]!), at);
    for (let index = from; index < to; index++) starts[place++] = at + theirStarts[index]! - first;
    at += length(run);
  }
  starts[count] = at;
  return { starts, values };
}
