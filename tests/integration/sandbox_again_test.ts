import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { openLibrary } from "../../lib/downloader/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { runProgram } from "../helpers/run_program.ts";

Deno.test("repair --sandbox fetches a picture whose URL an earlier run with --sandbox stored", () =>
  inTempDir(async (folder) => {
    const run = (...args: readonly string[]) =>
      runProgram([...args, "-o", "library"], {
        folder,
        origins: ["http://127.0.0.1"],
        env: { XDG_CONFIG_HOME: folder },
      });
    const words = ["--sandbox", "--reserve", "0", "--patience", "5s"];
    const first = await run("download", "--model", "100000", "--previews", "1", "--gallery", "0", ...words);
    assertEquals(first.code, 0, first.stderr);
    using library = await openLibrary(join(folder, "library"), { command: "test", mustExist: true, readOnly: true });
    const [picture] = [...library.catalog.items({ kinds: ["preview"] })];
    await Deno.remove(join(folder, "library", picture!.path));
    assertEquals((await run("verify")).code, 7);
    const mended = await run("repair", "--sandbox", "--patience", "5s");
    assertEquals(mended.code, 0, mended.stdout + mended.stderr);
  }));
