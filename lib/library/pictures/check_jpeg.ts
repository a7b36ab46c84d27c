import type { MediaReader } from "./media_reader.ts";

const END = 0xd9;
const SCAN = 0xda;
const TRUNCATED = "it is truncated: the JPEG has no end";
const DAMAGED = "it is damaged: the JPEG's segments are not contiguous";

/**
 * Check the segments and scans of a JPEG, up to its end marker (ITU-T T.81, annex B). Return the problem, or `null` if
 * the file is complete.
 */
export async function checkJpeg(reader: MediaReader): Promise<string | null> {
  reader.skip(2);
  let hasFrame = false;
  let hasScan = false;
  for (;;) {
    const marker = await takeMarker(reader);
    if (marker === null) return TRUNCATED;
    // Anything after the end marker is not part of the picture: thumbnails, video clips, and data added by cameras and
    // programs.
    if (marker === END) return hasScan ? null : "it is damaged: the JPEG has no image data";
    if (!beginsSegment(marker)) return DAMAGED;
    const length = await reader.take(2);
    if (length === null) return TRUNCATED;
    const bytes = (length[0]! << 8) | length[1]!;
    if (bytes < 2) return DAMAGED;
    if (!reader.skip(bytes - 2)) return TRUNCATED;
    hasFrame ||= isFrame(marker);
    if (marker !== SCAN) continue;
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
  if (first[0] !== 0xff) return 0;
  if (first[1] !== 0xff) return first[1]!;
  for (let bytes = await reader.peekAvailable(); bytes.length > 0; bytes = await reader.peekAvailable()) {
    const index = bytes.findIndex((byte) => byte !== 0xff);
    if (index < 0) reader.skip(bytes.length);
    else {
      const marker = bytes[index]!;
      reader.skip(index + 1);
      return marker;
    }
  }
  return null;
}

/**
 * Skip entropy-coded data, in which 0xFF is followed by 0 or begins a restart marker, up to any other marker. Return
 * false if the file ends before it.
 */
async function skipScan(reader: MediaReader): Promise<boolean> {
  for (let bytes = await reader.peekAvailable(); bytes.length > 0; bytes = await reader.peekAvailable()) {
    let index = bytes.indexOf(0xff);
    while (index >= 0 && index + 1 < bytes.length) {
      const next = bytes[index + 1]!;
      if (next !== 0 && next !== 0xff && !isRestart(next)) return reader.skip(index);
      index = bytes.indexOf(0xff, next === 0xff ? index + 1 : index + 2);
    }
    reader.skip(index < 0 ? bytes.length : index);
    if (index >= 0 && await reader.peek(2) === null) return false;
  }
  return false;
}

function isRestart(marker: number): boolean {
  return marker >= 0xd0 && marker <= 0xd7;
}

function beginsSegment(marker: number): boolean {
  return marker >= 0xc0 && marker !== 0xff && !isRestart(marker) && marker !== 0xd8;
}

/** Whether a marker starts a frame, of any coding; the three other codes of the range (DHT, JPG, DAC) do not. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}
