/** Number of files of a folder. Below 10 000, so that part files, journals and metadata have room too. */
const FILES_A_FOLDER = 9000;

/**
 * Choose the folder for a file so that no folder has 10 000 files: the first 9 000 go into the folder itself, the next
 * into `0001` below it, then `0002`, … The position is the number of files planned for the folder earlier. A file keeps
 * its first path.
 *
 * @param folder Relative folder
 * @param position Number of files placed before this one
 * @returns The folder to use
 * @throws {RangeError} If the position is not a non-negative integer
 */
export function shardFolder(folder: string, position: number): string {
  if (!Number.isSafeInteger(position) || position < 0) {
    throw new RangeError(
      `Cannot place a file as "position" must be a whole number from 0: current value is ${position}`,
    );
  }
  const bucket = Math.floor(position / FILES_A_FOLDER);
  return bucket === 0 ? folder : `${folder}/${String(bucket).padStart(4, "0")}`;
}
