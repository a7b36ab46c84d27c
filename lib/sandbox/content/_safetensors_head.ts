const ENCODER = new TextEncoder();

/**
 * Write the header of a safetensors file of an exact size. The tensors fill the file to the last byte.
 *
 * @param sizeBytes Size of the whole file
 * @param metadata The `__metadata__` of the header
 * @returns The length word and the header, padded to a multiple of 8
 */
export function safetensorsHead(sizeBytes: number, metadata: Readonly<Record<string, string>>): Uint8Array {
  // The header's length depends on the digits of the offsets, so it is measured with the largest ones first.
  const roomy = headerText(sizeBytes, metadata).length + 16;
  const headerBytes = Math.ceil(roomy / 8) * 8;
  const text = headerText(sizeBytes - 8 - headerBytes, metadata).padEnd(headerBytes, " ");
  const head = new Uint8Array(8 + headerBytes);
  new DataView(head.buffer).setBigUint64(0, BigInt(headerBytes), true);
  head.set(ENCODER.encode(text), 8);
  return head;
}

/**
 * Build the text of the header: two matrices of half precision, and the rest as bytes. It is ASCII only, so each
 * character is a byte.
 */
function headerText(dataBytes: number, metadata: Readonly<Record<string, string>>): string {
  const rows = Math.floor(dataBytes / 16 / 16);
  const half = rows * 16 * 2;
  return JSON.stringify({
    __metadata__: metadata,
    "unet.down.weight": { dtype: "F16", shape: [rows, 16], data_offsets: [0, half] },
    "unet.up.weight": { dtype: "F16", shape: [16, rows], data_offsets: [half, half * 2] },
    "unet.rest": { dtype: "U8", shape: [dataBytes - half * 2], data_offsets: [half * 2, dataBytes] },
  });
}
