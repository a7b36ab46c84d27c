import { assertEquals, assertStrictEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { KitError } from "../../../lib/base/mod.ts";
import { catalogError } from "../../../lib/library/catalog/_catalog_error.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

Deno.test("catalogError() recognizes SQLite's error for a full disk", () =>
  inTempDir((folder) => {
    using db = new DatabaseSync(join(folder, "a.db"));
    db.exec("PRAGMA max_page_count = 3; CREATE TABLE t (a TEXT) STRICT");
    const told = catalogError("a.db", assertThrows(() => db.exec(`INSERT INTO t VALUES ('${"x".repeat(50_000)}')`)));
    assertEquals((told as KitError).code, "unsafe");
    assertStringIncludes((told as KitError).message, "the disk is full");
  }));

Deno.test("catalogError() recognizes SQLite's error for another writer", () =>
  inTempDir((folder) => {
    using one = new DatabaseSync(join(folder, "a.db"));
    using two = new DatabaseSync(join(folder, "a.db"), { timeout: 0 });
    one.exec("BEGIN IMMEDIATE");
    const told = catalogError("a.db", assertThrows(() => two.exec("BEGIN IMMEDIATE")));
    assertEquals((told as KitError).code, "unsafe");
    assertStringIncludes((told as KitError).message, "another process writes");
  }));

Deno.test("catalogError() treats SQLite's I/O errors as disk failures", () => {
  const told = catalogError("a.db", new Error("disk I/O error"));
  assertEquals((told as KitError).code, "unsafe");
  assertEquals((told as KitError).message, 'Cannot use catalog "a.db": disk I/O error');
  assertStringIncludes((told as KitError).hint!, "is full");
});

Deno.test("catalogError() returns unknown and translated errors unchanged", () => {
  for (const error of [new TypeError("x"), new KitError("usage", "not a database"), "text", undefined]) {
    assertStrictEquals(catalogError("a.db", error), error);
  }
});
