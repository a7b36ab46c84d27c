import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { parseTargetList } from "../../../lib/civitai/mod.ts";
import { type FailedTargets, isFailedList, writeFailedList } from "../../../lib/downloader/mod.ts";
import { plannedFile, withLibrary } from "../../helpers/library/kept_library.ts";

async function hasList(root: string): Promise<boolean> {
  return (await Array.fromAsync(Deno.readDir(root))).some((entry) => entry.name === "failed.txt");
}

const FAILED = { state: "failed", outcome: "failed", reason: "why" } as const;

const choice = { gallery: 1, maxImages: 1 };
const NOTHING: FailedTargets = {
  asked: [],
  choice,
  choiceWords: "",
  plan: { problems: [], listings: {} },
  refused: [],
};

Deno.test("writeFailedList() names the targets that could not be planned or got, until a run has tried them", () =>
  withLibrary(async (library) => {
    const names = ["user:alice", "user:bob/images", "model:5", "version:6?fileId=7", "version:6?type=VAE&fp=fp16"];
    const odd = ["user:carol/images", "version:8", 'search {"tag":"x"}', "galleries"];
    const problems = [...names, ...odd].map((target) => ({
      target,
      code: "failed",
      message: "x",
      failure: "gone" as const,
    }));
    const refused = [{ target: "model:9", outcome: "archived", message: "it is archived" }];
    await writeFailedList(library, "download", {
      ...NOTHING,
      plan: { problems, listings: { "user:alice": { apiCount: 3, seen: 2, missing: null } } },
      refused,
    });
    await writeFailedList(library, "update", { ...NOTHING, asked: [{ type: "models", ids: [9] }] });
    const rest = await Deno.readTextFile(join(library.root, "failed.txt"));
    assertEquals(rest.includes("model:9"), false);
    await writeFailedList(library, "download", {
      ...NOTHING,
      refused,
    });
    await writeFailedList(library, "download", NOTHING);
    const text = await Deno.readTextFile(join(library.root, "failed.txt"));
    const list = parseTargetList(text, { kind: "any", source: "failed.txt" });
    assertEquals([list.problems, list.targets.map(({ target }) => target)], [[], [
      { type: "user", username: "alice" },
      { type: "user", username: "bob", only: "images" },
      { type: "model", modelId: 5, versionId: null },
      { type: "version", versionId: 6, fileId: 7 },
      { type: "version", versionId: 6, fileId: null, query: { type: "VAE", fp: "fp16" } },
      { type: "user", username: "carol", only: "images" },
      { type: "version", versionId: 8, fileId: null },
      { type: "model", modelId: 9, versionId: null },
    ]]);
    assertStringIncludes(text, "\nuser:alice # planned in part: gone\n");
    assertStringIncludes(text, '\n# search {"tag":"x"} # not planned: gone\n');
    assertStringIncludes(text, "\nmodel:9 # not available: archived\n");
    const carol = { type: "user", username: "Carol" } as const;
    const search = { type: "search", query: { tag: "x" } } as const;
    const asked = [...list.targets.map(({ target }) => target), carol, search];
    assertEquals(await writeFailedList(library, "download", { ...NOTHING, asked }), null);
    assertEquals(await hasList(library.root), false);
  }));

Deno.test("writeFailedList() names exact files in the syntax of --from", () =>
  withLibrary(async (library) => {
    const { root, catalog } = library;
    catalog.plan(plannedFile(7, { fileId: 70, path: "models/a # b.bin" }), 0);
    catalog.plan(plannedFile(9, { key: "preview:9:5", kind: "preview", fileId: null, imageId: 5 }), 0);
    catalog.plan(plannedFile(8), 0);
    catalog.mark("file:7:7", FAILED);
    catalog.mark("preview:9:5", { ...FAILED, state: "corrupted" });
    await writeFailedList(library, "download", NOTHING);
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
    await writeFailedList(library, "download", NOTHING);
    assertEquals(await hasList(root), true);
    const done = { sha256: null, actualBytes: 1, mtimeMs: 1, etag: null, outcome: "done" };
    catalog.markDone("file:7:7", done);
    await writeFailedList(library, "download", NOTHING);
    await writeFailedList(library, "download", NOTHING);
    assertEquals(await hasList(root), false);
  }));

Deno.test("writeFailedList() keeps the choice of the run that failed last at its head and in the command", () =>
  withLibrary(async (library) => {
    const path = join(library.root, "failed.txt");
    const problems = [{ target: "user:alice", code: "failed", message: "x" }] as const;
    const failed = { ...NOTHING, choiceWords: " --sfw", plan: { problems, listings: {} } };
    assertEquals(
      (await writeFailedList(library, "download", failed))?.retry,
      `civitai-dl download --from ${path} --sfw`,
    );
    assertEquals(
      await Deno.readTextFile(path),
      "# civitai-dl download --from failed.txt --sfw\nuser:alice # not planned: failed\n",
    );
    const next = await writeFailedList(library, "download", { ...NOTHING, choiceWords: " --no-images" });
    assertEquals(next, { path, retry: `civitai-dl download --from ${path} --sfw` });
  }));

Deno.test("writeFailedList() forgets a target whose line the user has deleted", () =>
  withLibrary(async (library) => {
    const refused = [{ target: "model:9", outcome: "archived", message: "it is archived" }];
    await writeFailedList(library, "download", { ...NOTHING, refused });
    await Deno.writeTextFile(join(library.root, "failed.txt"), "# civitai-dl download --from failed.txt\n");
    assertEquals(await writeFailedList(library, "download", NOTHING), null);
  }));

Deno.test("isFailedList() knows the list of a library by its path", () => {
  assertEquals(isFailedList("/models/./failed.txt", { root: "/models" }), true);
  assertEquals(isFailedList("/models/sub/failed.txt", { root: "/models" }), false);
});
