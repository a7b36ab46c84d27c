import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { startSandbox } from "../../../lib/sandbox/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const OPTIONS = {
  size: { creators: 2, modelsPerCreator: 20 },
  versionsPerModel: { min: 1, max: 1 },
  filesPerVersion: { min: 1, max: 1 },
  fileBytes: { min: 2048, max: 20_000 },
  outcomes: {},
} as const;

const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex").toUpperCase();

Deno.test("startSandbox() with contents gives files the same bytes, with true hashes, and links them when exported", () =>
  inTempDir(async (folder) => {
    await using sandbox = await startSandbox({ ...OPTIONS, contents: 3 });
    const files = [...sandbox.catalog.files()];
    const hashes = new Map<string, string>();
    for (const { id, contentName, sizeBytes } of files) {
      const sha256 = await sandbox.sha256Of(id);
      assertEquals(hash(sandbox.bytesOf(id)), sha256);
      const key = `${contentName} ${sizeBytes}`;
      assertEquals(hashes.get(key) ?? sha256, sha256);
      hashes.set(key, sha256);
    }
    assertEquals([files.length, hashes.size < 25, new Set(hashes.values()).size], [40, true, hashes.size]);
    const written = await sandbox.exportFiles(folder);
    assertEquals(written < files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0), true);
    const inodes = new Set<number | null>();
    for (const { id, storagePath } of files) {
      const path = join(folder, storagePath);
      assertEquals(hash(await Deno.readFile(path)), await sandbox.sha256Of(id));
      inodes.add((await Deno.stat(path)).ino);
    }
    if (Deno.build.os === "linux") assertEquals(inodes.size, hashes.size);
    // A second export replaces the first.
    await sandbox.exportFiles(folder);
  }));

Deno.test("startSandbox() without contents gives every file its own bytes", async () => {
  await using sandbox = await startSandbox(OPTIONS);
  const [first, second] = [...sandbox.catalog.files()].filter(({ format }) => format === "SafeTensor");
  assertNotEquals(await sandbox.sha256Of(first!.id), await sandbox.sha256Of(second!.id));
  assertEquals([first!.contentId, first!.contentName], [first!.id, first!.storedName]);
});

Deno.test("startSandbox() refuses a number of contents that is none", async () => {
  for (const contents of [0, -1, 1.5]) {
    await assertRejects(() => startSandbox({ ...OPTIONS, contents }), RangeError, "contents");
  }
});
