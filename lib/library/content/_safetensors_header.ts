import { isFields } from "../_lossless_json.ts";
import { readAt } from "../read_at.ts";

/** The fields of a safetensors header that checks need. */
export interface SafetensorsHeader {
  /** Offset where the data begins. */
  readonly dataOffset: number;
  /** Size that the whole file must have, in bytes. */
  readonly fileBytes: number;
  /** Free-form metadata written by the trainer. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/**
 * Maximum result of `countMarks` for a header that is parsed. Enough for about 150 000 tensors; the largest models have
 * a few thousand.
 */
const MAX_MARKS = 2_000_000;

/** Read and check a safetensors header; a string describes the problem. */
export async function readSafetensorsHeader(file: Deno.FsFile, sizeBytes: number): Promise<SafetensorsHeader | string> {
  const prefix = await readAt(file, 0, 8);
  if (prefix.length < 8) return "it ends before its header";
  const length = new DataView(prefix.buffer).getBigUint64(0, true);
  if (length < 2n || length > 100_000_000n) return "it has no safetensors header";
  const dataOffset = 8 + Number(length);
  if (dataOffset > sizeBytes) return `it ends inside its header: ${dataOffset} bytes expected, ${sizeBytes} found`;
  const bytes = await readAt(file, 8, Number(length));
  // Parsing a larger header takes seconds, during which no signal is delivered. Only the hash then shows whether the
  // file is complete.
  if (countMarks(bytes) > MAX_MARKS) return { dataOffset, fileBytes: sizeBytes, metadata: {} };
  return parseHeader(bytes, dataOffset);
}

/** Count what determines how long JSON takes to parse: quotes, and the start of each list and object. */
function countMarks(bytes: Uint8Array): number {
  let count = 0;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index];
    if (byte === 0x22 || byte === 0x5b || byte === 0x7b) count++;
  }
  return count;
}

function parseHeader(bytes: Uint8Array, dataOffset: number): SafetensorsHeader | string {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    // The parser's message and position do not help the user; the fact that the header is damaged does.
    return "its safetensors header is damaged";
  }
  if (!isFields(header)) return "its safetensors header is damaged";
  const { __metadata__: metadata, ...tensors } = header;
  let end = 0;
  for (const [name, tensor] of Object.entries(tensors)) {
    const offsets: unknown = isFields(tensor) ? tensor.data_offsets : undefined;
    if (!isRange(offsets)) return `its safetensors header is damaged at "${name.slice(0, 60)}"`;
    end = Math.max(end, offsets[1]);
  }
  return { dataOffset, fileBytes: dataOffset + end, metadata: isFields(metadata) ? metadata : {} };
}

function isRange(value: unknown): value is [number, number] {
  return Array.isArray(value) && value.length === 2 &&
    value.every((offset) => Number.isSafeInteger(offset) && offset >= 0) &&
    value[0] <= value[1];
}
