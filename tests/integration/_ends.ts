import { join } from "node:path";
import { parseToxic, startSandbox } from "../../lib/sandbox/mod.ts";
import { becomes } from "../helpers/becomes.ts";
import { mountSmallDisk } from "../helpers/small_disk.ts";
import { startProgram } from "../helpers/start_program.ts";

/** One way for a run to end. */
export interface EndCase {
  /** Toxic of the storage; empty for none. */
  readonly toxic: string;
  /** Value of `--limit-rate`; empty for none. */
  readonly limit: string;
  /** Signal to send after some bytes; `null` for none. */
  readonly signal: "SIGINT" | "SIGTERM" | null;
  /** Whether another process fills the disk after some bytes. */
  readonly fillsDisk: boolean;
  readonly engine: string;
}

/** How the run ended. */
export interface EndResult {
  readonly code: number;
  readonly stderr: string;
  /** What is wrong with it; `null` for nothing. */
  readonly problem: string | null;
}

/** Output that a user must never see. */
const UNCAUGHT = /uncaught|in promise|unhandled|unexpected error|\bat (?:async )?\S+ \(?(?:file|ext|node):/i;
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** Run the program through this case in the empty `folder`. */
export async function tryEnd(folder: string, end: EndCase): Promise<EndResult> {
  const { toxic, limit, signal, fillsDisk, engine } = end;
  const place = join(folder, "disk");
  await Deno.mkdir(place);
  await using disk = await mountSmallDisk(place, 48 << 20);
  await using sandbox = await startSandbox({
    seed: 3,
    size: { creators: 1, modelsPerCreator: 4 },
    outcomes: {},
    versionsPerModel: { min: 1, max: 1 },
    filesPerVersion: { min: 1, max: 1 },
    fileSizes: [6 << 20, 3 << 20, 2 << 20, 2 << 20],
    // Slow enough to interrupt it in the middle.
    toxics: ["bandwidth:2M,on=storage", ...(toxic === "" ? [] : [toxic])].map((text) => parseToxic(text)),
  });
  const users = [...sandbox.catalog.creators()].flatMap((creator) => ["--user", creator.username]);
  const words = [
    ...["download", "--base-url", sandbox.apiOrigin, "-o", "disk/library", "--yes", "--reserve", "0", "--no-images"],
    ...["--engine", engine, ...(limit === "" ? [] : ["--limit-rate", limit]), ...users],
  ];
  const program = startProgram(words, {
    folder,
    env: { CIVITAI_API_KEY: sandbox.token },
    origins: [sandbox.apiOrigin, sandbox.storageOrigin],
  });
  await becomes(() => sandbox.log.storageBytes > 256 << 10, 20_000);
  if (fillsDisk) disk!.fill();
  if (signal !== null) program.kill(signal);
  const { code, stderr } = await program.ended;
  const expected = [
    ...(signal === null ? [] : [EXIT_CODES[signal]]),
    ...(fillsDisk ? [4] : []),
    ...(signal === null && !fillsDisk ? [0] : []),
  ];
  const problem = UNCAUGHT.test(stderr)
    ? "something was not caught"
    : expected.includes(code)
    ? null
    : `exit code ${code}, not ${expected.join(" or ")}`;
  return { code, stderr, problem };
}
