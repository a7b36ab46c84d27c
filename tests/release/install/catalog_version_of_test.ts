import { assertEquals } from "@std/assert";
import { parseCatalogVersion } from "../../../lib/release/install/catalog_version_of.ts";

Deno.test("parseCatalogVersion() reads a constant, and counts the steps of the first versions", () => {
  assertEquals(parseCatalogVersion("/** The version. */\nexport const CATALOG_VERSION = 12;\n"), 12);
  const steps = "export const MIGRATIONS: readonly string[] = [\n  `CREATE TABLE a;\n  `,\n  `CREATE TABLE b;`,\n];\n";
  assertEquals(parseCatalogVersion(steps), 2);
  assertEquals(parseCatalogVersion("export const OTHER = 1;"), null);
});
