import type { Database, Row } from "../../database.ts";

/**
 * Trigrams of the text that `list` searches: path, creator, and names of model and version, in lower case. The index
 * stores no text and no positions, so it needs only a hundred bytes per file. It finds possible matches; the text of
 * each one decides.
 */
export const SEARCH_TABLE = `
  CREATE VIRTUAL TABLE search USING fts5(
    text, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram'
  );
`;

/** Items with the names of their models and versions. */
export const NAMED_ITEMS = `items
  LEFT JOIN (SELECT id AS named_model, name AS model_name, type AS model_type FROM models) ON named_model = model_id
  LEFT JOIN (SELECT id AS named_version, name AS version_name, base_model FROM versions) ON named_version = version_id`;

const TEXTS = `SELECT items.id, path, items.creator, model_name, version_name FROM ${NAMED_ITEMS}`;

/** Return the text of a row that is searched for words, in lower case. */
export function searchedText(row: Row): string {
  return [row.path, row.model_name, row.version_name, row.creator].join("\n").toLowerCase();
}

/**
 * Build the expression that matches words in `search`: all of their trigrams.
 *
 * @param words Words in lower case
 * @returns The expression; `null` if no word has at least three characters, in which case every item is a possible
 * match
 */
export function searchTerms(words: readonly string[]): string | null {
  const terms = new Set<string>();
  for (const word of words) {
    const characters = [...word];
    for (let index = 0; index + 3 <= characters.length; index++) {
      terms.add(`"${characters.slice(index, index + 3).join("").replaceAll('"', '""')}"`);
    }
  }
  return terms.size === 0 ? null : [...terms].join(" AND ");
}

/** Index an item. Call it for a new item, and when its path, creator, model or version changes. */
export function indexItem(db: Database, id: number): void {
  indexRows(db, db.all(`${TEXTS} WHERE items.id = ?`, id));
}

/** Index all items of a model. Call it when the name of the model or of one of its versions changes. */
export function indexModel(db: Database, modelId: number): void {
  indexRows(db, db.all(`${TEXTS} WHERE model_id = ?`, modelId));
}

/** Remove an item from the index. Call it when an item is deleted. */
export function unindexItem(db: Database, id: number): void {
  db.run("DELETE FROM search WHERE rowid = ?", id);
}

function indexRows(db: Database, rows: readonly Row[]): void {
  const sql = "INSERT OR REPLACE INTO search (rowid, text) VALUES (?, ?)";
  for (const row of rows) db.run(sql, row.id as number, searchedText(row));
}
