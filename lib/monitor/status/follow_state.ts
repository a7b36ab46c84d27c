import { asFields, StateFile } from "../../base/mod.ts";
import type { LogPosition } from "../../journal/mod.ts";

/** Positions in followed logs, by the path of the log; the position in the oldest file comes first. */
export type FollowState = Readonly<Record<string, readonly LogPosition[]>>;

/**
 * Return the file in which a monitor keeps how far it has read.
 *
 * @param path The file `monitor.json`
 */
export function followFile(path: string): StateFile<FollowState> {
  return new StateFile<FollowState>(path, {
    schema: "civitai-dl/monitor",
    version: 1,
    parse: ({ logs }) =>
      Object.fromEntries(
        Object.entries(asFields(logs, '"logs"')).map(([log, positions]) => {
          if (!Array.isArray(positions)) throw new SyntaxError(`"logs" has no list for "${log}"`);
          return [log, positions.map(parsePosition)];
        }),
      ),
    format: (logs) => ({ logs }),
    loss: "the logs are followed from their ends",
  });
}

function parsePosition(value: unknown): LogPosition {
  const { dev, ino, offset, fingerprint, mtimeMs } = asFields(value, "a position");
  if (
    isAmount(dev) && isAmount(ino) && isAmount(offset) && isAmount(mtimeMs) && typeof fingerprint === "string"
  ) {
    return { dev, ino, offset, fingerprint, mtimeMs };
  }
  throw new SyntaxError("a position lacks a number or its fingerprint");
}

function isAmount(value: unknown): value is number {
  return typeof value === "number" && value >= 0;
}
