import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { openLibrary } from "../../lib/downloader/mod.ts";
import { MemoryIo, textWidth } from "../../lib/cli/mod.ts";
import { call } from "../helpers/call.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const FOLDER = "models/Pony/CHARACTER/brambleforge_A model_v1";
const LONG_NAME = "A name as long as some creators write it, ".repeat(5).trim();
const FILES = [
  { id: 1, name: "Copper Machines", file: "copper_v10.safetensors", state: "done" },
  { id: 2, name: LONG_NAME, file: `${"a_long_file_name_".repeat(5)}.safetensors`, state: "done" },
  { id: 3, name: "Velvet Skies", file: "velvet_v10.safetensors", state: "refused" },
] as const;

/** Run `list` on a library with these files. */
async function listFiles(
  words: readonly string[],
  width?: number,
): Promise<{ readonly lines: readonly string[]; readonly head: string }> {
  let out = "";
  await inTempDir(async (root) => {
    {
      using library = await openLibrary(root, { command: "test" });
      const { catalog } = library;
      const runId = catalog.startRun({ command: "download", engine: "stable", targets: [] });
      for (const { id, name, file, state } of FILES) {
        const creator = "brambleforge";
        catalog.putModel(id, { name, type: "LORA", creator, json: {} });
        catalog.putVersion(id * 10, { modelId: id, name: "v1.0", baseModel: "Pony", publishedAt: null, json: {} });
        const ids = { modelId: id, versionId: id * 10, fileId: id * 100, imageId: null };
        const key = `file:${id * 10}:${id * 100}`;
        const item = { ...ids, key, kind: "file", creator, sizeBytes: 1024, hashes: {}, source: null } as const;
        catalog.plan({ ...item, path: `${FOLDER}/${file}` }, runId);
        const facts = { sha256: null, actualBytes: 1024, mtimeMs: 0, etag: null, outcome: "already there" };
        if (state === "done") catalog.markDone(key, facts);
        else catalog.mark(key, { state, outcome: "removed", reason: "it is gone" });
      }
    }
    const io = new MemoryIo(width === undefined ? {} : { terminal: true, width });
    const { code, err } = await call(["list", "-o", root, ...words], { io });
    assertEquals(code, 0, err);
    out = io.out;
  });
  const [head, ...lines] = out.trimEnd().split("\n");
  return { head: head!, lines };
}

Deno.test("list shows the ids of model and version, and the state that --state takes", async () => {
  const { head, lines } = await listFiles([]);
  assertEquals(head, "STATE    WHY         SIZE  MODEL  VERSION  CREATOR       NAME                              PATH");
  assertEquals(
    lines[0],
    `done              1.0 KiB      1       10  brambleforge  Copper Machines / v1.0            ${FOLDER}/${
      FILES[0].file
    }`,
  );
  assertEquals(
    lines[2],
    `refused  removed  1.0 KiB      3       30  brambleforge  Velvet Skies / v1.0               ${FOLDER}/${
      FILES[2].file
    }`,
  );
  const refused = await listFiles(["--state", lines[2]!.split(" ")[0]!]);
  assertEquals(refused.lines.length, 2);
});

Deno.test("list does not pad all rows of a pipe for one long name", async () => {
  const { lines } = await listFiles([]);
  assertStringIncludes(lines[1]!, `  ${LONG_NAME} / v1.0  ${FOLDER}/`);
  assert(lines[0]!.length < 160, lines[0]);
});

for (const width of [120, 80, 60]) {
  Deno.test(`list keeps the names of files whole, at the end of each row, in ${width} columns`, async () => {
    const { lines } = await listFiles([], width);
    for (const [index, { file }] of FILES.entries()) {
      assert(lines[index]!.endsWith(file), lines[index]);
      if (index !== 1) assert(textWidth(lines[index]!) <= width, lines[index]);
    }
  });
}
