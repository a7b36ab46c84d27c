import { createHash } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Database, Row } from "../../database.ts";
import { packDigests, unpackDigests } from "../_packed_digests.ts";
import { FIELD_DIGEST_DIGITS } from "../../sidecars/field_digest.ts";
import type { SidecarMemory } from "../../sidecars/merge_sidecar.ts";

/**
 * The memory of sidecars is split into two tables, because as JSON it took up three quarters of a catalog. The field
 * pointers are the same for thousands of sidecars, so each list of pointers is stored only once (a shape). Only the
 * digests are stored for each sidecar.
 */
export const SIDECAR_TABLES = `
  CREATE TABLE sidecar_shapes (id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, pointers BLOB NOT NULL) STRICT;
  CREATE TABLE sidecars (id INTEGER PRIMARY KEY, shape_id INTEGER NOT NULL, digests BLOB NOT NULL) STRICT;
`;

/** See {@linkcode Catalog.rememberSidecar}. */
export function putSidecarRow(db: Database, path: string, memory: SidecarMemory): void {
  const fields = Object.entries(memory).filter(([, digest]) => isFieldDigest(digest)).sort(byName);
  const shapeId = shapeOf(db, fields.map(([pointer]) => pointer));
  const digests = packDigests(fields.map(([, digest]) => digest));
  db.run("INSERT OR REPLACE INTO sidecars (id, shape_id, digests) VALUES (?, ?, ?)", idOf(path), shapeId, digests);
}

/** See {@linkcode Catalog.sidecarMemories}. */
export function sidecarRows(db: Database, paths: readonly string[]): ReadonlyMap<string, SidecarMemory> {
  const rows = db.all(
    "SELECT key, pointers, digests FROM json_each(?) JOIN sidecars ON sidecars.id = value " +
      "JOIN sidecar_shapes AS shapes ON shapes.id = shape_id",
    `[${paths.map(idOf).join()}]`,
  );
  return new Map(rows.map((row) => [paths[row.key as number]!, toMemory(row)]));
}

function toMemory(row: Row): SidecarMemory {
  const pointers = JSON.parse(inflateRawSync(row.pointers as Uint8Array).toString("utf8")) as readonly string[];
  const digests = unpackDigests(row.digests as Uint8Array, pointers.length);
  return Object.fromEntries(pointers.map((pointer, index) => [pointer, digests[index]!]));
}

function shapeOf(db: Database, pointers: readonly string[]): number {
  const text = JSON.stringify(pointers);
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 32);
  return db.idOf(digest, () => {
    const known = db.get("SELECT id FROM sidecar_shapes WHERE digest = ?", digest);
    if (known !== undefined) return known.id as number;
    return db.run("INSERT INTO sidecar_shapes (digest, pointers) VALUES (?, ?)", digest, deflateRawSync(text)).lastId;
  });
}

/**
 * Use 63 bits of a digest of the path as the row id, which takes a tenth of the space of the path. A composed and a
 * decomposed name are one: a library that was on a disk of macOS comes back with the other form.
 */
function idOf(path: string): bigint {
  return createHash("sha256").update(path.normalize("NFC")).digest().readBigUInt64BE(0) >> 1n;
}

function isFieldDigest(digest: string): boolean {
  return digest.length === FIELD_DIGEST_DIGITS && /^[\da-f]+$/.test(digest);
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}
