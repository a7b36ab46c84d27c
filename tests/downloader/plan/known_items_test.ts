import { assertEquals } from "@std/assert";
import { KnownItems } from "../../../lib/downloader/plan/_known_items.ts";
import { plannedFile, withLibrary } from "../../helpers/library/kept_library.ts";

const DONE = { sha256: null, actualBytes: 1, mtimeMs: 1, etag: null, outcome: "done" };

Deno.test("KnownItems assigns unchanged items to the run, and leaves all others to the catalog", () =>
  withLibrary(({ catalog }) => {
    const files = [1, 2, 3, 4].map((id) => plannedFile(id, { modelId: id % 2 }));
    for (const file of files) catalog.plan(file, 1);
    for (const { key } of files.slice(1)) catalog.markDone(key, DONE);
    const known = new KnownItems(catalog, [0, 1]);
    const [planned, same, changed, moved] = files as [
      typeof files[0],
      typeof files[0],
      typeof files[0],
      typeof files[0],
    ];
    assertEquals(known.keep(planned), null);
    assertEquals(known.keep(same), catalog.item(same.key));
    assertEquals(known.keep({ ...changed, creator: "somebody else" }), null);
    // A version that was moved to a model of another page is still found.
    const other = new KnownItems(catalog, [7]);
    assertEquals(other.keep({ ...moved, modelId: 7 }), null);
    assertEquals(other.item(moved.key), catalog.item(moved.key));
    assertEquals(other.item("file:9:9"), null);
    known.assignTo(2);
    other.assignTo(2);
    assertEquals(files.map(({ key }) => catalog.item(key)!.runId), [1, 2, 1, 1]);
    return Promise.resolve();
  }));
