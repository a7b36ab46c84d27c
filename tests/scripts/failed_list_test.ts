import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { parseTargetList } from "../../lib/civitai/mod.ts";
import { writeFailedList } from "../../scripts/_download/failed_list.ts";
import { plannedFile, withLibrary } from "../helpers/library/kept_library.ts";

async function hasList(root: string): Promise<boolean> {
  return (await Array.fromAsync(Deno.readDir(root))).some((entry) => entry.name === "failed.txt");
}

const FAILED = { state: "failed", outcome: "failed", reason: "why" } as const;

Deno.test("writeFailedList() names exact files in the syntax of --from", () =>
  withLibrary(async (library) => {
    const { root, catalog } = library;
    catalog.plan(plannedFile(7, { fileId: 70, path: "models/a # b.bin" }), 0);
    catalog.plan(plannedFile(9, { key: "preview:9:5", kind: "preview", fileId: null, imageId: 5 }), 0);
    catalog.plan(plannedFile(8), 0);
    catalog.mark("file:7:7", FAILED);
    catalog.mark("preview:9:5", { ...FAILED, state: "corrupted" });
    await writeFailedList(library);
    const text = await Deno.readTextFile(join(root, "failed.txt"));
    const { targets, problems } = parseTargetList(text, { kind: "any", source: "failed.txt" });
    assertEquals(problems, []);
    assertEquals(targets.map((entry) => entry.target), [
      { type: "version", versionId: 7, fileId: 70 },
      { type: "image", imageId: 5 },
    ]);
  }));

Deno.test("writeFailedList() keeps failures of earlier runs, and removes the file if there are none", () =>
  withLibrary(async (library) => {
    const { root, catalog } = library;
    catalog.plan(plannedFile(7), 1);
    catalog.mark("file:7:7", FAILED);
    catalog.plan(plannedFile(8), 2);
    await writeFailedList(library);
    assertEquals(await hasList(root), true);
    const done = { sha256: null, actualBytes: 1, mtimeMs: 1, etag: null, outcome: "done" };
    catalog.markDone("file:7:7", done);
    await writeFailedList(library);
    await writeFailedList(library);
    assertEquals(await hasList(root), false);
  }));
