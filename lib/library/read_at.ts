/** Up to this size, a read takes less time than handing it to another thread. */
const AT_ONCE_BYTES = 128 << 10;

/** Read `length` bytes at `offset`, fewer only at the end of the file. */
export function readAt(file: Deno.FsFile, offset: number, length: number): Promise<Uint8Array> {
  return length <= AT_ONCE_BYTES
    ? Promise.try(() => readAtOnce(file, offset, length))
    : readInThread(file, offset, length);
}

function readAtOnce(file: Deno.FsFile, offset: number, length: number): Uint8Array {
  file.seekSync(offset, Deno.SeekMode.Start);
  const buffer = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const count = file.readSync(buffer.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return buffer.subarray(0, filled);
}

async function readInThread(file: Deno.FsFile, offset: number, length: number): Promise<Uint8Array> {
  await file.seek(offset, Deno.SeekMode.Start);
  const buffer = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const count = await file.read(buffer.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return buffer.subarray(0, filled);
}
