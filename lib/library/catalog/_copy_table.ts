import type { SQLInputValue } from "node:sqlite";
import type { Database, Row } from "./_database.ts";

/** What {@linkcode copyTable} copies, and how. */
export interface TableCopy {
  /** Name of the table in the new catalog. */
  readonly table: string;
  /** Converts a row; `null` leaves it out. Without it, rows are copied as they are. */
  readonly change?: ((row: Row) => Row | null) | undefined;
  /** SQL of the rows; default all of the table. */
  readonly from?: string | undefined;
}

/** A row of `sidecars` has an id of 63 bits, which a number cannot hold. SQLite makes an integer of the text again. */
const SIDECAR_ROWS = "SELECT CAST(id AS TEXT) AS id, shape_id, digests FROM sidecars";

/** Two catalogs of which one is converted to the other. */
export interface CatalogPair {
  readonly old: Database;
  readonly fresh: Database;
}

/** Copy the rows of a table from one catalog to another. */
export function copyTable({ old, fresh }: CatalogPair, copy: TableCopy): void {
  const { table, change = (row) => row, from = `SELECT * FROM ${table}` } = copy;
  for (const row of old.iterate(from)) {
    const changed = change(row);
    if (changed === null) continue;
    const names = Object.keys(changed);
    const values = Object.values(changed) as SQLInputValue[];
    fresh.run(`INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`, ...values);
  }
}

/** The memory of sidecars, in catalogs that both have tables for it. */
export const SIDECAR_TABLES: readonly TableCopy[] = [
  { table: "sidecar_shapes" },
  { table: "sidecars", from: SIDECAR_ROWS },
];
