import { assertEquals, assertRejects } from "@std/assert";
import { SharedQueue } from "../../../lib/app/queue/shared_queue.ts";
import { KitError } from "../../../lib/base/mod.ts";
import { openLibrary } from "../../../lib/downloader/mod.ts";
import { catalogFile } from "../../../lib/library/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

async function create(root: string): Promise<void> {
  (await openLibrary(root, { command: "serve" }))[Symbol.dispose]();
}

Deno.test("SharedQueue takes an emptied catalog for none, and leaves it as it is", () =>
  inTempDir(async (root) => {
    await create(root);
    // What a run leaves beside the catalog says that its rows are lost.
    await Deno.mkdir(`${root}/.civitai-dl/state`, { recursive: true });
    await Deno.writeTextFile(`${root}/.civitai-dl/state/failsafe.json`, "{}");
    await Deno.truncate(catalogFile(root), 0);
    using queue = new SharedQueue({ root, isReadOnly: false, create: () => create(root) });
    assertEquals(queue.read((rows) => rows.list({ holderPid: null })), null);
    await assertRejects(() => queue.change((rows) => rows.list({ holderPid: null })), KitError);
    assertEquals((await Deno.stat(catalogFile(root))).size, 0);
  }));
