/** Options of {@linkcode readChunks}. */
export interface ReadChunksOptions {
  readonly signal?: AbortSignal | undefined;
  /** Maximum number of bytes to read. */
  readonly limitBytes?: number | undefined;
}

const CHUNK_BYTES = 1024 * 1024;

/** Read a file from its start in pieces of up to 1 MiB; each piece is valid until the next one is requested. */
export async function* readChunks(path: string, options: ReadChunksOptions = {}): AsyncGenerator<Uint8Array> {
  const { signal, limitBytes = Infinity } = options;
  using file = await Deno.open(path, { read: true });
  const buffer = new Uint8Array(CHUNK_BYTES);
  for (let left = limitBytes; left > 0;) {
    signal?.throwIfAborted();
    const count = await file.read(left < buffer.length ? buffer.subarray(0, left) : buffer);
    if (count === null) return;
    left -= count;
    yield buffer.subarray(0, count);
  }
}
