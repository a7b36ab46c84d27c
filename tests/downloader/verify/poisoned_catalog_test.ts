import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { lchownSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import {
  type Library,
  openLibrary,
  rebuildCatalog,
  repairLibrary,
  verifyLibrary,
  writeItemSidecars,
} from "../../../lib/downloader/mod.ts";
import { scanLibrary, walkFiles } from "../../../lib/library/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { NO_IMAGES, withBench } from "../../helpers/library/download_bench.ts";
import { keep, plannedFile, put } from "../../helpers/library/kept_library.ts";

const WITHOUT_ROOT = Deno.uid() === 0 ? "" : " (skipped: only root makes files of another user)";

interface Story {
  readonly library: Library;
  /** A file of the user outside the library. */
  readonly victim: string;
}

function withVictim(story: (story: Story) => Promise<void>): Promise<void> {
  return inTempDir(async (folder) => {
    const victim = join(folder, "private", "victim.bin");
    await Deno.mkdir(dirname(victim));
    await Deno.writeTextFile(victim, "precious");
    using library = await openLibrary(join(folder, "library"), { command: "test" });
    await story({ library, victim });
  });
}

/** Set the path of an item in the catalog to a place where it does not belong. */
async function poison({ catalog }: Library, id: number, path: string): Promise<void> {
  const item = plannedFile(id, { path });
  const { size, mtime } = await Deno.stat(join("/", path)).catch(() => ({ size: 8, mtime: new Date(0) }));
  catalog.plan(item, 0);
  catalog.markDone(item.key, {
    sha256: "a".repeat(64),
    actualBytes: size,
    mtimeMs: mtime!.getTime(),
    etag: null,
    outcome: "done",
  });
}

Deno.test("verifyLibrary() reads nothing at a path outside the library", () =>
  withVictim(async ({ library, victim }) => {
    await keep(library, 9, new Uint8Array(10));
    await poison(library, 1, "../private/victim.bin");
    await poison(library, 2, victim);
    await poison(library, 3, "models/../../private/victim.bin");
    const { counts, bytesRead, problems } = await verifyLibrary(library, { deep: true });
    assertEquals([counts.ok, counts.unreadable, bytesRead], [1, 3, 10]);
    for (const { reason } of problems) assertStringIncludes(reason, "it leads out of the library");
    assertEquals((await verifyLibrary(library)).counts, counts);
  }));

Deno.test({
  name: `verifyLibrary() reads nothing through another user's link to a folder${WITHOUT_ROOT}`,
  ignore: Deno.uid() !== 0,
  fn: () =>
    withVictim(async ({ library, victim }) => {
      const link = join(library.root, "models");
      await Deno.symlink(dirname(victim), link);
      await poison(library, 1, "models/victim.bin");
      assertEquals((await verifyLibrary(library, { deep: true })).bytesRead, 8);
      lchownSync(link, 12345, 12345);
      const { counts, bytesRead, problems } = await verifyLibrary(library, { deep: true });
      assertEquals([counts.unreadable, bytesRead], [1, 0]);
      assertStringIncludes(problems[0]!.reason, "was made by another user");
      assertEquals(await Array.fromAsync(walkFiles(library.root)), []);
      assertEquals(await Array.fromAsync(scanLibrary(library.root)), []);
      assertEquals((await rebuildCatalog(library, null)).bytesRead, 0);
    }),
});

Deno.test("repairLibrary() moves nothing at a path outside the library", () =>
  withVictim(({ library, victim }) =>
    withBench({}, async ({ context }) => {
      await poison(library, 1, "../private/victim.bin");
      library.catalog.mark("file:1:1", { state: "failed", outcome: "corrupt", reason: "test" });
      const { broken, failed } = await repairLibrary({ ...context, library });
      assertEquals(broken, 1);
      assertStringIncludes(failed[0]!.message, "it leads out of the library");
      assertEquals(await Deno.readTextFile(victim), "precious");
    })
  ));

Deno.test("download() does not adopt a file outside the library, and fetches it inside", () =>
  withBench({}, async ({ library, download, firstItem }) => {
    await download();
    const { key, path, actualBytes } = firstItem();
    const outside = join(library.root, "..", `victim-${crypto.randomUUID()}`);
    await Deno.copyFile(join(library.root, path), outside);
    try {
      await Deno.remove(join(library.root, path));
      const { mtime } = await Deno.stat(outside);
      library.catalog.setPath(key, relative(library.root, outside));
      library.catalog.markDone(key, {
        ...firstItem(),
        actualBytes: actualBytes!,
        mtimeMs: mtime!.getTime(),
        outcome: "done",
      });
      const { run } = await download({ choice: NO_IMAGES });
      assertEquals([run?.outcomes.done, firstItem().path], [1, path]);
      assertEquals((await Deno.stat(join(library.root, path))).size, actualBytes);
    } finally {
      await Deno.remove(outside);
    }
  }));

Deno.test("writeItemSidecars() writes nothing at a path outside the library, and everything of the other items", () =>
  withBench({}, async ({ library, download, everything }) => {
    await download({ targets: everything });
    const items = [...library.catalog.items({ kinds: ["file"] })];
    const [poisoned, other] = items.map((item, index) => index === 0 ? { ...item, path: "../victim/style.pt" } : item);
    const info = join(library.root, dirname(other!.path), "description.md");
    await Deno.remove(info);
    const kept: string[] = [];
    await writeItemSidecars(library, [poisoned!, other!], {
      hasVersionFolders: true,
      onKept: (path, reason) => kept.push(`${path}: ${reason}`),
    });
    assertEquals(kept.length, 1);
    assertStringIncludes(kept[0]!, "it leads out of the library");
    assert((await Deno.stat(info)).isFile);
  }));

Deno.test("writeItemSidecars() copies nothing through a planted link", () =>
  withBench({}, async ({ library, download, firstItem }) => {
    await download();
    const victim = await put(library, "victim.json", '{"secret": 1}');
    const { path } = firstItem();
    const sidecar = join(library.root, path.replace(/\.\w+$/, ".json"));
    await Deno.remove(sidecar);
    await Deno.symlink(victim, sidecar);
    const kept: string[] = [];
    await writeItemSidecars(library, [firstItem()], {
      hasVersionFolders: true,
      onKept: (_, reason) => kept.push(reason),
    });
    assertEquals([kept, (await Deno.lstat(sidecar)).isSymlink], [["it is a link"], true]);
    assertEquals(await Deno.readTextFile(victim), '{"secret": 1}');
  }));
