/** Options of {@linkcode shardFolder}. */
export interface ShardFolderOptions {
  /**
   * How many things one folder takes. Below 10 000, so that part files, journals and metadata find room too.
   *
   * @default {9000}
   */
  readonly perFolder?: number | undefined;
}

/**
 * Keep a folder under 10 000 files: the first 9 000 go into it, the next into `0001` below it, then `0002`, …
 * The position counts what was put there before, in the order of planning; a file keeps the path that it got.
 *
 * @param folder Relative folder
 * @param position How many came before this one
 * @param options Size of a folder
 * @returns The folder to use
 */
export function shardFolder(folder: string, position: number, options: ShardFolderOptions = {}): string {
  const { perFolder = 9000 } = options;
  if (!Number.isSafeInteger(position) || position < 0) {
    throw new RangeError(
      `Cannot place a file as "position" must be a whole number from 0: current value is ${position}`,
    );
  }
  const bucket = Math.floor(position / perFolder);
  return bucket === 0 ? folder : `${folder}/${String(bucket).padStart(4, "0")}`;
}
