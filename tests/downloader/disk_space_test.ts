import { assertRejects } from "@std/assert";
import { freeSpace } from "../../lib/base/mod.ts";
import { DiskSpace, NoRoomError } from "../../lib/downloader/_disk_space.ts";
import type { CatalogItem } from "../../lib/library/mod.ts";
import { FakeClock } from "../helpers/fake_clock.ts";
import { plannedFile } from "./_kept_library.ts";

function item(id: number, sizeBytes: number): CatalogItem {
  return plannedFile(id, { sizeBytes }) as CatalogItem;
}

Deno.test("DiskSpace keeps room for the rest of a file, however often it begins anew", async () => {
  const root = await Deno.makeTempDir();
  try {
    const free = await freeSpace(root);
    const space = new DiskSpace({ root, reserveBytes: 0, clock: new FakeClock() });
    await space.claim(item(1, free * 0.6));
    space.found("file:1:1", free * 0.3);
    space.found("file:1:1", free * 0.3);
    await assertRejects(() => space.claim(item(2, free * 0.8)), NoRoomError);
    space.found("file:1:1", free * 0.6);
    await space.claim(item(2, free * 0.8));
  } finally {
    await Deno.remove(root);
  }
});
