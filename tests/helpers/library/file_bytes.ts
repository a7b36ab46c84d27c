/** The bytes of the recipes in hash_vectors.json. */
export function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + 7) & 255);
}

/** A safetensors file with one tensor of `dataBytes` bytes. */
export function safetensors(dataBytes: number, metadata: Record<string, string> = {}): Uint8Array {
  const tensor = { dtype: "U8", shape: [dataBytes], "data_offsets": [0, dataBytes] };
  const header = new TextEncoder().encode(JSON.stringify({ __metadata__: metadata, weight: tensor }));
  const file = new Uint8Array(8 + header.length + dataBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, 8);
  file.set(pattern(dataBytes), 8 + header.length);
  return file;
}

/** The smallest valid ZIP: one stored file, its directory, the end record. */
export function zip(comment = ""): Uint8Array {
  const local = [0x50, 0x4b, 3, 4, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0x61];
  const directory = [0x50, 0x4b, 1, 2, ...new Array(24).fill(0), 1, 0, ...new Array(16).fill(0), 0x61];
  const end = new Uint8Array(22 + comment.length);
  const view = new DataView(end.buffer);
  view.setUint32(0, 0x06054b50, true);
  view.setUint16(8, 1, true);
  view.setUint16(10, 1, true);
  view.setUint32(12, directory.length, true);
  view.setUint32(16, local.length, true);
  view.setUint16(20, comment.length, true);
  end.set(new TextEncoder().encode(comment), 22);
  return Uint8Array.from([...local, ...directory, ...end]);
}

/** The header of a GGUF file. */
export function gguf(version: number): Uint8Array {
  const file = new Uint8Array(32);
  file.set(new TextEncoder().encode("GGUF"));
  new DataView(file.buffer).setUint32(4, version, true);
  return file;
}
