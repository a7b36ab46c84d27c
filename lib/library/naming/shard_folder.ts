/** Options of {@linkcode shardFolder}. */
export interface ShardFolderOptions {
  /**
   * Maximum number of entries in a folder. Below 10 000, so that part files, journals and metadata have room too.
   *
   * @default {9000}
   */
  readonly perFolder?: number | undefined;
}

/**
 * Choose the folder for a file so that no folder has 10 000 files: the first 9 000 go into the folder itself, the next
 * into `0001` below it, then `0002`, … The position is the number of files planned for the folder earlier. A file keeps
 * its first path.
 *
 * @param folder Relative folder
 * @param position Number of files placed before this one
 * @param options Size of a folder
 * @returns The folder to use
 * @throws {RangeError} If the position is not a non-negative integer
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
