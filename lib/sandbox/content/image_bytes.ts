import { Buffer } from "node:buffer";
import { crc32, deflateSync } from "node:zlib";
import { joinBytes } from "../_join_bytes.ts";
import type { CatalogImage } from "../catalog/catalog_model.ts";

const ENCODER = new TextEncoder();
/** A gray square of 8 × 8 pixels, without its start marker. */
const JPEG_REST =
  "/+AAEEpGSUYAAQEAAAEAAQAA/9sAQwAQCwwODAoQDg0OEhEQExgoGhgWFhgxIyUdKDozPTw5Mzg3QEhcTkBEV0U3OFBtUVdfYmdoZz5NcXlwZH" +
  "hcZWdj/8AACwgACAAIAQERAP/EABQAAQAAAAAAAAAAAAAAAAAAAAD/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oACAEBAAA/AD//2Q==";
/** One pixel, as the only chunk of a lossless WebP. */
const WEBP_CHUNK = "VlA4TA0AAAAvAAAAEAcQERGIiP4HAA==";
const MAX_JPEG_SEGMENT = 65_535;
/** Frame size at 128 kbit/s and 44 100 samples per second. */
const MP3_FRAME_BYTES = 417;

/**
 * Generate the bytes of an image: a valid image of a few pixels, padded to its size with data that readers of the
 * format skip.
 *
 * @param image The image
 * @returns Its bytes, the same every time
 */
export function imageBytes(image: CatalogImage): Uint8Array {
  const { encoding, sizeBytes } = image;
  switch (encoding) {
    case "png":
      return png(image);
    case "jpeg":
      return jpeg(image.id, sizeBytes);
    case "webp":
      return webp(image.id, sizeBytes);
    case "mp4":
      return mp4(image.id, sizeBytes);
    case "mp3":
      return mp3(image.id, sizeBytes);
  }
}

/** Generate a PNG: one pixel, the generation data where A1111 writes it, and a private chunk as padding. */
function png(image: CatalogImage): Uint8Array {
  const { id, sizeBytes } = image;
  const parameters =
    `parameters\0picture ${id}\nSteps: 28, Sampler: Euler a, CFG scale: 5.5, Seed: ${id}, Size: 832x1216`;
  const pixel = new Uint8Array([0, id & 0xff, (id >> 8) & 0xff, (id >> 16) & 0xff]);
  const head = joinBytes([
    new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    pngChunk("IHDR", new Uint8Array([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0])),
    pngChunk("tEXt", ENCODER.encode(parameters)),
    pngChunk("IDAT", deflateSync(pixel)),
  ]);
  const end = pngChunk("IEND", new Uint8Array(0));
  const filler = pngChunk("paDd", new Uint8Array(sizeBytes - head.length - end.length - 12));
  return joinBytes([head, filler, end]);
}

function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const named = joinBytes([ENCODER.encode(type), data]);
  return joinBytes([bigEndian(data.length), named, bigEndian(crc32(named))]);
}

/**
 * Generate a JPEG: comments between the start marker and the picture, and up to three fill bytes where no comment fits.
 */
function jpeg(id: number, sizeBytes: number): Uint8Array {
  const rest = Buffer.from(JPEG_REST, "base64");
  const parts: Uint8Array[] = [new Uint8Array([0xff, 0xd8])];
  let left = sizeBytes - 2 - rest.length;
  for (; left >= 4; left -= parts.at(-1)!.length) {
    const length = Math.min(left, MAX_JPEG_SEGMENT + 2);
    const comment = new Uint8Array(length);
    comment.set([0xff, 0xfe, (length - 2) >> 8, (length - 2) & 0xff]);
    comment.set(ENCODER.encode(`${id}`).subarray(0, length - 4), 4);
    parts.push(comment);
  }
  return joinBytes([...parts, new Uint8Array(left).fill(0xff), rest]);
}

function webp(id: number, sizeBytes: number): Uint8Array {
  const picture = Buffer.from(WEBP_CHUNK, "base64");
  const filler = new Uint8Array(sizeBytes - 12 - picture.length - 8);
  filler.set(ENCODER.encode(`${id}`));
  return joinBytes([
    ...[ENCODER.encode("RIFF"), littleEndian(sizeBytes - 8), ENCODER.encode("WEBP"), picture],
    ...[ENCODER.encode("paDd"), littleEndian(filler.length), filler],
  ]);
}

/**
 * Generate an MP4: the boxes of the file type, of a movie of zero length, and of its media. Players find no track in
 * it.
 */
function mp4(id: number, sizeBytes: number): Uint8Array {
  const header = new Uint8Array(100);
  // A time scale of 1000 ticks per second, normal speed and volume, and 1 as the id of the next track.
  [[12, 1000], [20, 0x10000], [96, 1]].forEach(([offset, value]) => header.set(bigEndian(value!), offset));
  header.set([1, 0], 24);
  const head = joinBytes([
    mp4Box("ftyp", joinBytes([ENCODER.encode("isom"), bigEndian(512), ENCODER.encode("isommp42")])),
    mp4Box("moov", mp4Box("mvhd", header)),
  ]);
  const media = new Uint8Array(sizeBytes - head.length - 8);
  media.set(ENCODER.encode(`${id}`));
  return joinBytes([head, mp4Box("mdat", media)]);
}

function mp4Box(type: string, content: Uint8Array): Uint8Array {
  return joinBytes([bigEndian(content.length + 8), ENCODER.encode(type), content]);
}

/** Generate an MP3: an empty ID3 tag, and silence in frames of 417 bytes. Fewer bytes than a frame may be left over. */
function mp3(id: number, sizeBytes: number): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  bytes.set([0x49, 0x44, 0x33, 4]);
  for (let offset = 10; offset + MP3_FRAME_BYTES <= sizeBytes; offset += MP3_FRAME_BYTES) {
    bytes.set([0xff, 0xfb, 0x90, 0x00], offset);
  }
  // Write the id inside the first frame, in bytes that may hold data of other frames.
  bytes.set(ENCODER.encode(`${id}`), 50);
  return bytes;
}

function bigEndian(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function littleEndian(value: number): Uint8Array {
  return new Uint8Array(new Uint32Array([value]).buffer);
}
