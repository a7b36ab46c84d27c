import { assert, assertEquals } from "@std/assert";
import { parseRateSchedule } from "../../lib/base/mod.ts";
import { openEngine, repairLibrary, verifyLibrary } from "../../lib/downloader/mod.ts";
import { PROFILES } from "../../lib/transfer/mod.ts";
import { FakeClock } from "../helpers/fake_clock.ts";
import { BLOCK, flip, keep, withLibrary } from "../helpers/library/kept_library.ts";

import { someBytes } from "../helpers/servers/file_server.ts";
import { serveCivitai } from "../helpers/servers/small_civitai.ts";

const BYTES = 1 << 20;

for (const profile of [PROFILES.stable, PROFILES.turbo]) {
  Deno.test(`openEngine() limits files and patches to its bandwidth: ${profile.name}`, () =>
    withLibrary(async (library) => {
      const clock = new FakeClock();
      const patched = { modelId: 1, versionId: 1, fileId: 1, name: "1.bin", bytes: someBytes(BLOCK + BYTES) };
      const whole = { modelId: 2, versionId: 2, fileId: 2, name: "2.bin", bytes: someBytes(BYTES) };
      await using civitai = serveCivitai([patched, whole]);
      using engine = openEngine({
        library,
        profile,
        bandwidth: parseRateSchedule("256K"),
        env: () => undefined,
        client: { baseUrl: civitai.client.baseUrl, modelRate: 0, imageRate: 0, downloadRate: 0 },
        clock,
      });
      const repairMs = async (spoil: (path: string) => Promise<void>, file: typeof whole): Promise<number> => {
        await spoil(await keep(library, file.fileId, file.bytes, { modelId: file.modelId }));
        await verifyLibrary(library, { deep: true });
        // Only waits advance this clock.
        const startedMs = clock.monotonic();
        const { broken, bytesFetched } = await repairLibrary({ ...engine, signal: new AbortController().signal });
        assertEquals([broken, bytesFetched], [0, BYTES]);
        return clock.monotonic() - startedMs;
      };
      // A tenth of a second is free.
      assert(await repairMs((path) => flip(path, BLOCK + 77), patched) >= 3890);
      assert(await repairMs((path) => Deno.remove(path), whole) >= 3890);
    }));
}
