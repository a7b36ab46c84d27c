import { ggufHead } from "./_gguf_head.ts";
import { LruMap } from "../_lru_map.ts";
import { roll } from "../_roll.ts";
import { safetensorsHead } from "./_safetensors_head.ts";
import { zipParts } from "./_zip_parts.ts";
import type { CatalogFile } from "../catalog/catalog_model.ts";

const ENCODER = new TextEncoder();
const BLOCK_BYTES = 65_536;
const STAMP_BYTES = 16;
const LINE_BYTES = 64;
const NOTHING = new Uint8Array(0);

/** The first and the last bytes of a file, and the content between them. */
interface Layout {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
  readonly fill: "noise" | "lines";
  /** Offset at which this file's noise begins in the tile. */
  readonly shift: number;
}

/**
 * Generates the bytes of model files as a function of seed and file. Any range is generated without the bytes before
 * it. Most of a file is one block of noise that all files share, with a different shift for each file. The number of the
 * content and that of the block are written into each 64 KiB. Generating bytes therefore takes about as long as copying memory.
 */
export class FileContent {
  readonly #seed: number;
  readonly #layouts = new LruMap<string, Layout>(4000);
  #tile: Uint8Array | undefined;

  /**
   * Create a generator; the noise is generated when it is first needed.
   *
   * @param seed The catalog's seed
   */
  constructor(seed: number) {
    this.#seed = seed;
  }

  /**
   * Generate a range of a file.
   *
   * @param file The file
   * @param start First byte
   * @param target Receives the bytes; its length is that of the range
   */
  read(file: CatalogFile, start: number, target: Uint8Array): void {
    const layout = this.#layouts.getOrMake(`${file.id} ${file.contentName}`, () => this.#layoutOf(file));
    const end = start + target.length;
    if (layout.fill === "noise") this.#noise(file.contentId, layout.shift, start, target);
    else writeLines(start, target);
    overlay(layout.head, 0, start, end, target);
    overlay(layout.tail, file.sizeBytes - layout.tail.length, start, end, target);
  }

  #layoutOf(file: CatalogFile): Layout {
    const { contentId: id, sizeBytes, format, contentName: name } = file;
    const shift = roll(this.#seed, "noise", id) % BLOCK_BYTES;
    const noise = { tail: NOTHING, fill: "noise", shift } as const;
    if (format === "SafeTensor") {
      const metadata = { format: "pt", "ss_output_name": name, "ss_base_model_version": "sdxl_base_v1-0" };
      return { ...noise, head: safetensorsHead(sizeBytes, metadata) };
    }
    if (format === "GGUF") return { ...noise, head: ggufHead(sizeBytes) };
    if (format === "PickleTensor") {
      // The pickled empty dict that `torch.save` writes for a model without weights.
      return { ...noise, ...zipParts(sizeBytes, "archive/data.pkl", new Uint8Array([0x80, 2, 0x7d, 0x71, 0, 0x2e])) };
    }
    if (name.endsWith(".zip")) {
      return { ...noise, ...zipParts(sizeBytes, "readme.txt", ENCODER.encode(`File ${id}\n`)) };
    }
    const lines = { tail: NOTHING, fill: "lines", shift } as const;
    if (name.endsWith(".json")) {
      // JSON allows white space at its end, so any size is valid.
      return { ...lines, head: ENCODER.encode(`{"last_node_id":${id},"nodes":[],"links":[],"version":0.4}\n`) };
    }
    return { ...lines, head: ENCODER.encode(`model:\n  target: invented.Model\n  params:\n    file: ${id}\n`) };
  }

  #noise(contentId: number, shift: number, start: number, target: Uint8Array): void {
    this.#tile ??= noiseTile(this.#seed);
    const end = start + target.length;
    for (let block = Math.floor(start / BLOCK_BYTES); block * BLOCK_BYTES < end; block++) {
      const blockStart = block * BLOCK_BYTES;
      const from = Math.max(start, blockStart);
      const to = Math.min(end, blockStart + BLOCK_BYTES);
      target.set(this.#tile.subarray(shift + from - blockStart, shift + to - blockStart), from - start);
      if (from < blockStart + STAMP_BYTES) overlay(stamp(contentId, block), blockStart, start, end, target);
    }
  }
}

/** Copy to `target` the part of `bytes` that falls into [start, end); `bytes` begins at `offset` of the file. */
function overlay(bytes: Uint8Array, offset: number, start: number, end: number, target: Uint8Array): void {
  const from = Math.max(start, offset);
  const to = Math.min(end, offset + bytes.length);
  if (from < to) target.set(bytes.subarray(from - offset, to - offset), from - start);
}

function stamp(contentId: number, block: number): Uint8Array {
  return new Uint8Array(new BigUint64Array([BigInt(contentId), BigInt(block)]).buffer);
}

/** Generate a block of noise, twice in a row, so that a shifted block is contiguous. */
function noiseTile(seed: number): Uint8Array {
  const words = new Uint32Array(BLOCK_BYTES / 4);
  for (let index = 0; index < words.length; index++) words[index] = roll(seed, "tile", index);
  const block = new Uint8Array(words.buffer);
  const tile = new Uint8Array(BLOCK_BYTES * 2);
  tile.set(block);
  tile.set(block, BLOCK_BYTES);
  return tile;
}

/** Write lines of spaces, which YAML and JSON both ignore. */
function writeLines(start: number, target: Uint8Array): void {
  target.fill(0x20);
  for (let index = LINE_BYTES - 1 - start % LINE_BYTES; index < target.length; index += LINE_BYTES) {
    target[index] = 0x0a;
  }
}
