import { cleanText, PRIVATE_FILE_MODE, refuseNewer, setAside, writeAtomic } from "../../base/mod.ts";
import type { LogPosition } from "../../journal/mod.ts";

/** Positions in followed logs, by the path of the log; the position in the oldest file comes first. */
export type FollowState = Readonly<Record<string, readonly LogPosition[]>>;

/** Options of {@linkcode readFollowState}. */
export interface ReadFollowStateOptions {
  /** Called when the file is invalid and was renamed. */
  readonly onWarning: (message: string) => void;
}

const SCHEMA = "civitai-dl/monitor";
const VERSION = 1;

/**
 * Read `monitor.json`. An invalid file is renamed to `monitor.json.corrupt`.
 *
 * @param path The file
 * @param options Receiver of warnings
 * @returns Positions by log; `{}` if there is no valid file
 * @throws {KitError} `unsafe` if a later version of the program wrote it; the file is not changed
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
    const aside = await setAside(path);
    options.onWarning(
      `Cannot read "${path}": ${
        cleanText(error.message)
      }; put aside as "${aside}", and the logs are followed from their ends`,
    );
    return {};
  }
}

/**
 * Write `monitor.json` atomically: a kill at any moment leaves the old or the new file.
 *
 * @param path The file; its folder must exist
 * @param state Positions by log
 * @param options The current time, milliseconds since the epoch
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
  refuseNewer(value, { path, version: VERSION });
  if (!isRecord(value) || value.schema !== SCHEMA || typeof value.version !== "number") {
    throw new SyntaxError(`it is not a "${SCHEMA}" document`);
  }
  if (!isRecord(value.logs)) throw new SyntaxError('"logs" is not an object');
  return Object.fromEntries(
    Object.entries(value.logs).map(([log, positions]) => {
      if (!Array.isArray(positions)) throw new SyntaxError(`"logs" has no list for "${log}"`);
      return [log, positions.map(parsePosition)];
    }),
  );
}

function parsePosition(value: unknown): LogPosition {
  if (!isRecord(value)) throw new SyntaxError("a position is not an object");
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
