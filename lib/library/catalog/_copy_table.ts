import type { SQLInputValue } from "node:sqlite";
import type { Database, Row } from "./_database.ts";

/** Options of {@linkcode copyTable}. */
interface CopyTableOptions {
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
export function copyTable({ old, fresh }: CatalogPair, table: string, options: CopyTableOptions = {}): void {
  const { change = (row) => row, from = `SELECT * FROM ${table}` } = options;
  for (const row of old.iterate(from)) {
    const changed = change(row);
    if (changed === null) continue;
    const names = Object.keys(changed);
    const values = Object.values(changed) as SQLInputValue[];
    fresh.run(`INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`, ...values);
  }
}

/** Copy the memory of sidecars between catalogs that both have tables for it. */
export function copySidecars(pair: CatalogPair): void {
  copyTable(pair, "sidecar_shapes");
  copyTable(pair, "sidecars", { from: SIDECAR_ROWS });
}
