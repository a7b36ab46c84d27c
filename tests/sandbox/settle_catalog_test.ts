import { assertEquals, assertThrows } from "@std/assert";
import { settleCatalog } from "../../lib/sandbox/_settle_catalog.ts";
import type { CatalogOptions } from "../../lib/sandbox/mod.ts";

Deno.test("settleCatalog() counts early access from the start of the day", () => {
  assertEquals(settleCatalog({}, Date.UTC(2026, 4, 5, 13)).todayMs, Date.UTC(2026, 4, 5));
});

Deno.test("settleCatalog() makes the files of a large catalog small", () => {
  assertEquals(settleCatalog({ size: "large" }, 0).fileBytes.max, 65_536);
  assertEquals(settleCatalog({ size: "small" }, 0).fileBytes.max, 2_097_152);
});

const BAD: readonly (readonly [CatalogOptions, string])[] = [
  [{ size: { creators: 0, modelsPerCreator: 1 } }, '"creators" of 0: it must be a whole number from 1 to '],
  [{ size: { creators: 1000, modelsPerCreator: 1000 } }, "1000000 models"],
  [{ versionsPerModel: { min: 1, max: 5 } }, '"versionsPerModel" of 1 to 5'],
  [
    { filesPerVersion: { min: 3, max: 2 } },
    '"filesPerVersion" of 3 to 2: it must be a rising range of whole numbers from 1 to ',
  ],
  [{ fileBytes: { min: 10, max: 2000 } }, '"fileBytes" of 10 to 2000'],
  [{ fileSizes: [1.5] }, '"fileSizes" of 1.5'],
  [{ galleryPerVersion: 201 }, '"galleryPerVersion" of 201'],
  [{ requireLogin: 2 }, '"requireLogin" of 2'],
  [{ outcomes: { archived: -1 } }, '"archived" of -1'],
  [{ nastyNames: NaN }, '"nastyNames" of NaN'],
];

for (const [options, message] of BAD) {
  Deno.test(`settleCatalog() refuses ${message}`, () => {
    assertThrows(() => settleCatalog(options, 0), RangeError, message);
  });
}
