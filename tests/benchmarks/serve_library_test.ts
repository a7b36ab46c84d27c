import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { planLibrary, serveLibrary } from "../../benchmarks/peers/mod.ts";
import { findTools } from "../../benchmarks/peers/_tools.ts";
import { programEnv, programWords } from "../../benchmarks/peers/_program_words.ts";
import { runProgram } from "../../benchmarks/peers/_run_program.ts";
import { checkDone, QUIET_WORDS } from "../../benchmarks/peers/_sandbox_library.ts";
import { hasProgram } from "../helpers/has_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const COUNT = 4;

Deno.test({
  name: "serveLibrary() makes the program request each file once",
  ignore: !await hasProgram("nginx", "-v"),
  fn: () =>
    inTempDir(async (folder) => {
      const bench = {
        folder,
        runs: 1,
        scale: 1,
        engine: "turbo",
        tools: await findTools(),
        onProgress: () => {},
        once: <T>(_: string, make: () => Promise<T>) => make(),
        signal: new AbortController().signal,
      };
      const library = await planLibrary(bench, { count: COUNT, fileBytes: 5000 });
      await using servers = await serveLibrary(bench, library);
      const place = join(folder, "run");
      await library.copyTo(place);
      const words = [...programWords("scripts/download.ts"), "--base-url", servers.api.origin, ...QUIET_WORDS];
      await runProgram(words, { cwd: place, env: programEnv(place), signal: bench.signal });
      checkDone(place, COUNT);
      const asked = await servers.api.takeRequests();
      const sent = await servers.storage.takeRequests();
      assertEquals(asked.length, COUNT);
      assertEquals(sent.map(({ sentBytes }) => sentBytes), [5000, 5000, 5000, 5000]);
    }),
});
