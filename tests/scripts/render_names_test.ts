import { assert, assertEquals } from "@std/assert";
import type { LibraryListing, LibraryRow, RunItems } from "../../lib/downloader/mod.ts";
import type { ItemTotals } from "../../lib/library/mod.ts";
import { namePlan, nameResult } from "../../scripts/_download/render_names.ts";

const ROW: Partial<LibraryRow> = {
  modelId: 1,
  modelName: "A",
  versionName: "v1",
  path: "a/b.safetensors",
  sizeBytes: 9,
};

/** A listing that counts the rows that are read. */
function listingOf(count: number, row: Partial<LibraryRow>): LibraryListing & { readonly read: number } {
  const listing = {
    read: 0,
    totals: () => ({ count }) as ItemTotals,
    usage: () => [],
    *[Symbol.iterator]() {
      for (; listing.read < count; listing.read++) yield { reason: null, ...row } as LibraryRow;
    },
  };
  return listing;
}

const NONE = listingOf(0, ROW);

function itemsOf(toFetch: LibraryListing, refused = NONE, left = NONE): RunItems {
  const items: Partial<RunItems> = {
    toFetch: (part) => part === "new" ? toFetch : left,
    fetched: (part) => part === "new" ? toFetch : left,
    waiting: () => NONE,
    refused: () => refused,
    failed: () => NONE,
  };
  return items as RunItems;
}

Deno.test("namePlan() reads only the rows that it shows, of a plan of any size", () => {
  const toFetch = listingOf(100_000, ROW);
  const lines = namePlan(itemsOf(toFetch), [], { width: 80, otherLines: 4, isComplete: false });
  assertEquals([lines.length, lines.at(-1)], [16, "  … and 99987 more (--all)"]);
  assert(toFetch.read <= 20, `${toFetch.read} rows are read`);
});

Deno.test("namePlan() leaves room for what is not available, and states its reason once for each model", () => {
  const reason = "the model is archived and has been so since before this line was long enough to be wrapped";
  const refused = listingOf(9, { ...ROW, reason });
  const lines = namePlan(itemsOf(listingOf(50, ROW), refused), [], { width: 60, otherLines: 4, isComplete: false });
  assertEquals(lines.length, 16);
  assertEquals(lines.slice(lines.indexOf("Not available now:")), [
    "Not available now:",
    "  A (model:1): the model is archived and has been so since",
    "    before this line was long enough to be wrapped",
    "           9 B  v1  b.safetensors",
    "           9 B  v1  b.safetensors",
    "  … and 7 more (--all)",
  ]);
});

Deno.test("namePlan() keeps a long file name whole, and truncates the version's name on a narrow terminal", () => {
  const row = { ...ROW, versionName: "a version with a very long name", path: "x/ponyDiffusionV6XL.safetensors" };
  const lines = namePlan(itemsOf(listingOf(1, row)), [], { width: 60, otherLines: 4, isComplete: false });
  assertEquals(lines, [
    "To fetch:",
    "  A (model:1)",
    "           9 B  a version wi…  ponyDiffusionV6XL.safetensors",
  ]);
});

Deno.test("namePlan() and nameResult() name what is new before what an earlier run left, and count the latter", () => {
  const items = () => itemsOf(listingOf(1, ROW), NONE, listingOf(30, { ...ROW, modelName: "Old", modelId: 2 }));
  const view = { width: 80, otherLines: 4, isComplete: false };
  assertEquals(namePlan(items(), [], view).slice(0, 5), [
    "To fetch:",
    "  A (model:1)",
    "           9 B  v1  b.safetensors",
    "To fetch, left from an earlier run (30):",
    "  Old (model:2)",
  ]);
  const result = nameResult(items(), [], view);
  assertEquals(result.filter((line) => line.endsWith(":")), ["Fetched:", "Fetched, left from an earlier run (30):"]);
});

Deno.test("namePlan() names a thousand lines of each list without a terminal, and all with --all", () => {
  const sized = (count: number) => itemsOf(listingOf(count, ROW), listingOf(40, ROW), listingOf(50, ROW));
  const view = { width: Infinity, otherLines: 4, isComplete: false };
  assertEquals(namePlan(sized(998), [], view).length, 1000 + 52 + 42);
  const cut = namePlan(sized(5000), [], view);
  assertEquals([cut.length, cut[999]], [1000 + 52 + 42, "  … and 4003 more (--all)"]);
  assertEquals(namePlan(sized(5000), [], { ...view, isComplete: true }).length, 5002 + 52 + 42);
});
