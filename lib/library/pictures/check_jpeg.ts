import type { MediaReader } from "./media_reader.ts";

// Marker codes, named as in table B.1 of ITU-T T.81: each follows a byte of 0xFF.
const SOF0 = 0xc0;
const SOF15 = 0xcf;
/** Codes between SOF0 and SOF15 that begin no frame: DHT, JPG and DAC. */
const NO_FRAMES: readonly number[] = [0xc4, 0xc8, 0xcc];
const RST0 = 0xd0;
const RST7 = 0xd7;
const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
/** Any number of these may precede a code. */
const FILL = 0xff;

const TRUNCATED = "it is truncated: the JPEG has no end";
const DAMAGED = "it is damaged: the JPEG's segments are not contiguous";

/**
 * Check the segments and scans of a JPEG, up to its end marker (ITU-T T.81, annex B). Return the problem, or `null` if
 * the file is complete.
 */
export async function checkJpeg(reader: MediaReader): Promise<string | null> {
  // The caller has recognized the file by its SOI.
  reader.skip(2);
  let hasFrame = false;
  let hasScan = false;
  for (;;) {
    const marker = await takeMarker(reader);
    if (marker === null) return TRUNCATED;
    // Anything after the end marker is not part of the picture: thumbnails, video clips, and data added by cameras and
    // programs.
    if (marker === EOI) return hasScan ? null : "it is damaged: the JPEG has no image data";
    if (!beginsSegment(marker)) return DAMAGED;
    const lengthField = await reader.take(2);
    if (lengthField === null) return TRUNCATED;
    // The length includes its own two bytes.
    const length = (lengthField[0]! << 8) | lengthField[1]!;
    if (length < 2) return DAMAGED;
    if (!reader.skip(length - 2)) return TRUNCATED;
    hasFrame ||= isFrame(marker);
    if (marker !== SOS) continue;
    if (!hasFrame) return DAMAGED;
    hasScan = true;
    if (!await skipScan(reader)) return TRUNCATED;
  }
}

/**
 * Read the code after one or more bytes of 0xFF. Return 0, which is not a marker, if there is no 0xFF, and `null` at
 * the end of the file.
 */
async function takeMarker(reader: MediaReader): Promise<number | null> {
  const first = await reader.take(2);
  if (first === null) return null;
  if (first[0] !== FILL) return 0;
  if (first[1] !== FILL) return first[1]!;
  for (;;) {
    const bytes = await reader.peekAvailable();
    if (bytes.length === 0) return null;
    const index = bytes.findIndex((byte) => byte !== FILL);
    if (index >= 0) {
      const marker = bytes[index]!;
      reader.skip(index + 1);
      return marker;
    }
    reader.skip(bytes.length);
  }
}

/**
 * Skip entropy-coded data, in which 0xFF is followed by 0 or begins a restart marker, up to any other marker. Return
 * false if the file ends before it.
 */
async function skipScan(reader: MediaReader): Promise<boolean> {
  for (;;) {
    const bytes = await reader.peekAvailable();
    if (bytes.length === 0) return false;
    const { index, isMarker } = findMarker(bytes);
    reader.skip(index);
    if (isMarker) return true;
    // The last byte is a 0xFF, whose code is in the next bytes, if the file has any.
    if (index < bytes.length && await reader.peek(2) === null) return false;
  }
}

/**
 * Find the first marker that ends a scan. Without one, `index` is that of a 0xFF in the last byte, whose code is yet to
 * be read, or the number of bytes.
 */
function findMarker(bytes: Uint8Array): { readonly index: number; readonly isMarker: boolean } {
  let index = bytes.indexOf(FILL);
  while (index >= 0 && index + 1 < bytes.length) {
    const code = bytes[index + 1]!;
    if (code !== 0 && code !== FILL && !isRestart(code)) return { index, isMarker: true };
    index = bytes.indexOf(FILL, code === FILL ? index + 1 : index + 2);
  }
  return { index: index < 0 ? bytes.length : index, isMarker: false };
}

function isRestart(marker: number): boolean {
  return marker >= RST0 && marker <= RST7;
}

function beginsSegment(marker: number): boolean {
  return marker >= SOF0 && marker !== FILL && !isRestart(marker) && marker !== SOI;
}

/** Whether a marker starts a frame, of any coding. */
function isFrame(marker: number): boolean {
  return marker >= SOF0 && marker <= SOF15 && !NO_FRAMES.includes(marker);
}
