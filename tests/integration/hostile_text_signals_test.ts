import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { type OddCivitai, plainModel, serveOddCivitai } from "../helpers/odd_civitai.ts";
import { inTempDir } from "../library/_temp_dir.ts";
import { becomes } from "./_becomes.ts";
import { startProgram } from "./_start_program.ts";

/** Some 100 KiB each: of these the descriptions of one page took minutes. */
const DESCRIPTIONS = ["<div>".repeat(20_000), "<script ".repeat(12_000), "<blockquote><ul><li>".repeat(5000)];
/** A page of some 20 MB. */
const MODELS = 200;
/** A second, on a machine that does much else beside it. */
const MOST_MS = 10_000;

/** A creator whose every description is made to cost time. */
function serveHostileText(civitai: OddCivitai): void {
  const models = Array.from({ length: MODELS }, (_, index) => {
    const model = plainModel(index + 1, civitai.url);
    model.description = DESCRIPTIONS[index % DESCRIPTIONS.length];
    return model;
  });
  civitai.pages.set("/api/v1/models", [JSON.stringify(models)]);
}

const MOMENTS: Readonly<Record<string, (asked: readonly string[]) => boolean>> = {
  "its page is read": (asked) => asked.some((path) => path.startsWith("/api/v1/models")),
  "its descriptions are written": (asked) => asked.filter((path) => path.startsWith("/file/")).length > 20,
};

for (const [moment, hasCome] of Object.entries(MOMENTS)) {
  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    Deno.test(`download hears ${signal} while hostile text is there: ${moment}`, () =>
      inTempDir(async (folder) => {
        await using civitai = serveOddCivitai();
        serveHostileText(civitai);
        const words = ["download", "--user", "brambleforge", "--base-url", civitai.url, "-o", "library", "--no-images"];
        const program = startProgram([...words, "--reserve", "0", "--yes", "--no-fsync"], {
          ...{ folder, origins: [civitai.url], env: { XDG_CONFIG_HOME: folder } },
        });
        assert(await becomes(() => hasCome(civitai.asked), 60_000));
        const sentAt = performance.now();
        program.kill(signal);
        const run = await program.ended;
        assertEquals(run.code, code, run.stderr);
        assertLessOrEqual(performance.now() - sentAt, MOST_MS);
      }));
  }
}
