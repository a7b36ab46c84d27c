import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { KitError } from "../../../lib/base/mod.ts";
import { type CommandEnd, type NoteRun, openLibrary, recordRun } from "../../../lib/downloader/mod.ts";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import { readRuns, type RunRecord, stateFolder } from "../../../lib/library/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const WELL: CommandEnd = { exitCode: undefined, message: null, hint: null };

/** Record a run in a new library, whose end is what `work` returns, and read it back. */
async function recorded(
  folder: string,
  work: (note: NoteRun) => CommandEnd,
  { signal = new AbortController().signal, logs = null }: {
    readonly signal?: AbortSignal;
    readonly logs?: string | null;
  } = {},
): Promise<RunRecord> {
  const root = join(folder, "models");
  const run = async (): Promise<CommandEnd> => {
    using library = await openLibrary(root, { command: "test" });
    return await recordRun(library, (note) => Promise.resolve(work(note)), {
      command: "download",
      isAttended: false,
      reserveBytes: 5,
      again: "civitai-dl download --token SECRET",
      logs,
      redact: (text) => text.replaceAll("SECRET", "…"),
      endOf: (end) => end,
      endOfError: (error) => ({ exitCode: 9, message: (error as Error).message, hint: "Look" }),
      onWarning(message) {
        throw new Error(message);
      },
      signal,
    });
  };
  await run().catch((error) => {
    if (!(error instanceof KitError)) throw error;
  });
  const [record] = await readRuns(stateFolder(root));
  return record!;
}

Deno.test("recordRun() records how a command began and ended, without secrets", () =>
  inTempDir(async (folder) => {
    const { command, again, reserveBytes, exitCode, state, done, cause } = await recorded(folder, (note) => {
      note({ done: 3 });
      return WELL;
    });
    assertEquals([command, again, reserveBytes], ["download", "civitai-dl download --token …", 5]);
    assertEquals([exitCode, state, done, cause], [0, "ended", 3, null]);
  }));

Deno.test("recordRun() takes the words of the end, and cause and hint of the notes", () =>
  inTempDir(async (folder) => {
    const { exitCode, message, hint, cause, again } = await recorded(folder, (note) => {
      note({ cause: "quota", message: "noted", hint: null });
      note({ again: "civitai-dl download --from SECRET" });
      return { exitCode: 1, message: "said", hint: "and how to go on" };
    });
    assertEquals([exitCode, message, hint, cause], [1, "said", null, "quota"]);
    assertEquals(again, "civitai-dl download --from …");
  }));

Deno.test("recordRun() records the class of a failure that the work throws, and throws it", () =>
  inTempDir(async (folder) => {
    const fail = () => {
      throw new FailureError("dns", "no SECRET host");
    };
    const { exitCode, message, hint, cause } = await recorded(folder, fail);
    assertEquals([exitCode, message, hint, cause], [9, "no … host", "Look", "dns"]);
    using library = await openLibrary(join(folder, "other"), { command: "test" });
    await assertRejects(
      () =>
        recordRun(library, () => Promise.reject(new Error("why")), {
          command: "download",
          isAttended: false,
          reserveBytes: null,
          again: "",
          logs: null,
          redact: (text) => text,
          endOf: () => WELL,
          endOfError: () => ({ exitCode: 1, message: null, hint: null }),
          onWarning: () => {},
          signal: new AbortController().signal,
        }),
      Error,
      "why",
    );
  }));

Deno.test("recordRun() records the interruption if the result has no exit code of its own", () =>
  inTempDir(async (folder) => {
    const signal = AbortSignal.abort(new KitError("interrupted", "stopped"));
    const stopped = await recorded(join(folder, "a"), () => WELL, { signal });
    assertEquals([stopped.exitCode, stopped.message, stopped.hint, stopped.cause], [9, "stopped", null, "interrupted"]);
    const own = await recorded(join(folder, "b"), () => ({ ...WELL, exitCode: 7 }), { signal });
    assertEquals([own.exitCode, own.cause], [7, null]);
  }));

Deno.test("recordRun() says that the key was refused, and where it came from", () =>
  inTempDir(async (folder) => {
    const { cause, key, keyOrigin } = await recorded(folder, (note) => {
      note({ cause: "login", keyOrigin: "CIVITAI_API_KEY" });
      return { ...WELL, exitCode: 5 };
    });
    assertEquals([cause, key, keyOrigin], ["key-rejected", "rejected", "CIVITAI_API_KEY"]);
  }));

Deno.test("recordRun() writes the end to the log of a command that has one", () =>
  inTempDir(async (folder) => {
    const logs = join(folder, "logs");
    await recorded(folder, () => ({ ...WELL, exitCode: 1 }), { logs });
    const [line = ""] = (await Deno.readTextFile(join(logs, "download.log"))).split("\n");
    const { type, command, exitCode } = JSON.parse(line);
    assertEquals([type, command, exitCode], ["run-end", "download", 1]);
  }));
