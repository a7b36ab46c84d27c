import type { Body } from "./_open_body.ts";
import type { SideSpec } from "./side_spec.ts";

/** Options of {@linkcode writeBody}. */
export interface WriteBodyOptions {
  readonly path: string;
  readonly bytes: number;
  /** Called with each buffer once it is in the file, and the position of its end; in order if there is one handle. */
  readonly onWritten: (bytes: Uint8Array, position: number) => void;
}

/**
 * Write a body in the way of a side. The next buffer is filled during the writes, of which each handle does one at a
 * time.
 */
export async function writeBody(body: Body, spec: SideSpec, options: WriteBodyOptions): Promise<void> {
  const { path, bytes, onWritten } = options;
  const open = () => Deno.open(path, { write: true, create: true });
  const files = await Promise.all(Array.from({ length: spec.handles }, open));
  if (spec.preallocates) await files[0]!.truncate(bytes);
  // One buffer is filled while each handle writes another.
  const buffers = Array.from({ length: spec.handles + 1 }, () => new Uint8Array(spec.bufferBytes));
  const writing: Promise<void>[] = files.map(() => Promise.resolve());
  let position = 0;
  let count = 0;
  for (let round = 0;; round++, position += count) {
    const buffer = buffers[round % buffers.length]!;
    count = await fill(body, buffer);
    if (count === 0) break;
    const turn = round % files.length;
    await writing[turn];
    const file = files[turn]!;
    const filled = buffer.subarray(0, count);
    const end = position + count;
    if (files.length > 1) file.seekSync(position, Deno.SeekMode.Start);
    writing[turn] = writeAll(file, filled).then(() => onWritten(filled, end));
  }
  await Promise.all(writing);
  if (spec.flushes) await files[0]!.sync();
  for (const file of files) file.close();
}

/** Read a body to its end. Returns its length in bytes. */
export async function readBody(body: Body, bufferBytes: number): Promise<number> {
  const target = new Uint8Array(bufferBytes);
  for (let total = 0;;) {
    const count = await body.read(target);
    if (count === null) return total;
    total += count;
  }
}

async function fill(body: Body, buffer: Uint8Array): Promise<number> {
  for (let filled = 0;;) {
    if (filled === buffer.length) return filled;
    const count = await body.read(buffer.subarray(filled));
    if (count === null) return filled;
    filled += count;
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
}
