import { joinBytes } from "../_join_bytes.ts";

const ENCODER = new TextEncoder();
const ALIGNMENT = 32;
const TYPE_STRING = 8;
const TYPE_I8 = 24;

/**
 * Write the header of a GGUF file of an exact size: one key, and one tensor of bytes that fills the file.
 *
 * @param sizeBytes Size of the whole file
 * @returns The header, padded to where the data begins
 */
export function ggufHead(sizeBytes: number): Uint8Array {
  const write = (dataBytes: number): Uint8Array => {
    const parts = [
      ...[ENCODER.encode("GGUF"), u32(3), u64(1), u64(1)],
      ...[text("general.architecture"), u32(TYPE_STRING), text("llama")],
      ...[text("blk.0.weight"), u32(1), u64(dataBytes), u32(TYPE_I8), u64(0)],
    ];
    const joined = joinBytes(parts);
    const head = new Uint8Array(Math.ceil(joined.length / ALIGNMENT) * ALIGNMENT);
    head.set(joined);
    return head;
  };
  return write(sizeBytes - write(0).length);
}

function u32(value: number): Uint8Array {
  return new Uint8Array(new Uint32Array([value]).buffer);
}

function u64(value: number): Uint8Array {
  return new Uint8Array(new BigUint64Array([BigInt(value)]).buffer);
}

function text(value: string): Uint8Array {
  const bytes = ENCODER.encode(value);
  return joinBytes([u64(bytes.length), bytes]);
}
