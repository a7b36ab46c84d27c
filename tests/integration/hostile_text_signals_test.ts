import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { type OddCivitai, plainModel, serveOddCivitai } from "../helpers/servers/odd_civitai.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { becomes } from "../helpers/becomes.ts";
import { startProgram } from "../helpers/start_program.ts";

/** Some 100 KiB each: descriptions like these took minutes per page. */
const DESCRIPTIONS = ["<div>".repeat(20_000), "<script ".repeat(12_000), "<blockquote><ul><li>".repeat(5000)];
const MODELS = 60;
/** With one integer beyond 2^53, each of these was parsed slowly: 6 s in all. */
const NUMBERS = "1,".repeat(4_000_000);

/**
 * Time limit for a signal: a second of processor time, which is independent of other work on the machine. Measured
 * between the signal and the end, under load: 0.2 to 0.5 s while the page is read, 0.1 to 0.2 s while descriptions are
 * written.
 */
const MOST_PROCESSOR_MS = 1000;
/** A program that has not ended by then never will; a busy machine may take ten seconds for one of processor time. */
const HANG_MS = 60_000;

/** A creator with one page of some 14 MB whose every part is expensive to process. */
function serveHostileText(civitai: OddCivitai): void {
  const models = Array.from({ length: MODELS }, (_, index) => {
    const model = plainModel(index + 1, civitai.url);
    model.description = DESCRIPTIONS[index % DESCRIPTIONS.length];
    return model;
  });
  const numbers = `{"seed":12345678901234567890,"numbers":[${NUMBERS}1]}`;
  civitai.pages.set(PAGE, [JSON.stringify(models).replace(/^\[\{/, `[{"meta":${numbers},`)]);
}

const PAGE = "/api/v1/models";
/** One more than the number of concurrent files, so that the first is finished with its description. */
const FILES = 5;

/** Processor time after which the slow work has started. */
const AMID_MS = 200;

const MOMENTS: Readonly<Record<string, (civitai: OddCivitai) => boolean>> = {
  "its page is read": ({ sent }) => sent.includes(PAGE),
  "its descriptions are written": ({ asked }) => asked.filter((path) => path.startsWith("/file/")).length >= FILES,
};

for (const [moment, hasCome] of Object.entries(MOMENTS)) {
  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    Deno.test(`download handles ${signal} with hostile text: ${moment}`, () =>
      inTempDir(async (folder) => {
        await using civitai = serveOddCivitai();
        serveHostileText(civitai);
        const words = ["download", "--user", "brambleforge", "--base-url", civitai.url, "-o", "library", "--no-images"];
        const program = startProgram([...words, "--reserve", "0", "--yes", "--no-fsync"], {
          folder,
          origins: [civitai.url],
          env: { XDG_CONFIG_HOME: folder },
          isWatched: true,
        });
        assert(await becomes(() => hasCome(civitai), 60_000));
        const beforeMs = await program.killAfter(AMID_MS, signal);
        const end = setTimeout(() => program.kill("SIGKILL"), HANG_MS);
        const run = await program.ended;
        clearTimeout(end);
        assertLessOrEqual(run.processorMs - beforeMs, MOST_PROCESSOR_MS);
        assertEquals(run.code, code, run.stderr);
      }));
  }
}
