import { KitError, PRIVATE_FILE_MODE, writeAtomic } from "../../base/mod.ts";

/** How far one file of a log was read. */
export interface LogPosition {
  /** The device that holds the file. */
  readonly dev: number;
  /** The file's number there; the system may give it to another file once this one is gone. */
  readonly ino: number;
  /** Bytes whose lines were handed on. */
  readonly offset: number;
  /** What stands before that place, in short; empty at the start of a file. */
  readonly fingerprint: string;
  /** When the file was last written to, as far as it was read; milliseconds since the epoch. */
  readonly mtimeMs: number;
}

/** Positions of followed logs by path, oldest file of each first. */
export type FollowState = Readonly<Record<string, readonly LogPosition[]>>;

/** Options of {@linkcode readFollowState}. */
export interface ReadFollowStateOptions {
  /** Told when the file cannot be used and was put aside. */
  readonly onWarning: (message: string) => void;
}

const SCHEMA = "civitai-dl/monitor";
const VERSION = 1;

/**
 * Read `monitor.json`. One that cannot be understood is put aside as `monitor.json.corrupt`.
 *
 * @param path The file
 * @param options Warnings
 * @returns Positions by log; `{}` when there is none
 * @throws {KitError} `usage` if a newer version of the program wrote it; the file is left alone
 */
export async function readFollowState(path: string, options: ReadFollowStateOptions): Promise<FollowState> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
  try {
    return parseState(JSON.parse(text), path);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const aside = `${path}.corrupt`;
    await Deno.rename(path, aside);
    options.onWarning(
      `Cannot read "${path}": ${error.message}; put aside as "${aside}", and the logs are followed from their ends`,
    );
    return {};
  }
}

/**
 * Write `monitor.json`, so that a kill at any moment leaves the old one or the new one.
 *
 * @param path The file; its folder must exist
 * @param state Positions by log
 * @param options The moment, milliseconds since the epoch
 */
export async function writeFollowState(
  path: string,
  state: FollowState,
  options: { readonly now: number },
): Promise<void> {
  const document = { schema: SCHEMA, version: VERSION, time: new Date(options.now).toISOString(), logs: state };
  await writeAtomic(path, `${JSON.stringify(document)}\n`, { mode: PRIVATE_FILE_MODE });
}

function parseState(value: unknown, path: string): FollowState {
  if (!isRecord(value) || value.schema !== SCHEMA || typeof value.version !== "number") {
    throw new SyntaxError(`it is no "${SCHEMA}"`);
  }
  if (value.version > VERSION) {
    throw new KitError("usage", `Cannot use "${path}": version ${value.version} is newer than this program's`, {
      hint: "Update civitai-dl, or move the file away to follow the logs anew",
    });
  }
  if (!isRecord(value.logs)) throw new SyntaxError('"logs" is no mapping');
  return Object.fromEntries(
    Object.entries(value.logs).map(([log, positions]) => {
      if (!Array.isArray(positions)) throw new SyntaxError(`"logs" has no list for "${log}"`);
      return [log, positions.map(parsePosition)];
    }),
  );
}

function parsePosition(value: unknown): LogPosition {
  if (!isRecord(value)) throw new SyntaxError("a position is no mapping");
  const { dev, ino, offset, fingerprint, mtimeMs } = value;
  const numbers = [dev, ino, offset, mtimeMs];
  if (!numbers.every((number) => typeof number === "number" && number >= 0) || typeof fingerprint !== "string") {
    throw new SyntaxError("a position lacks a number or its fingerprint");
  }
  const [device, inode, bytes, time] = numbers as number[];
  return { dev: device!, ino: inode!, offset: bytes!, fingerprint, mtimeMs: time! };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
