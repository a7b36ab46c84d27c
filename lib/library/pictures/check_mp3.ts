import type { MediaReader } from "./media_reader.ts";

/** Bit rates of Layer III in kbit/s, by the header's four-bit index: MPEG 1, then MPEG 2 and 2.5. */
const KILOBITS = [
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
] as const;
/** Sampling rates of MPEG 1 in Hz; MPEG 2 has half of them, MPEG 2.5 a quarter. */
const SAMPLES_A_SECOND = [44_100, 48_000, 32_000] as const;

/**
 * Check an MP3 frame by frame (ISO/IEC 11172-3). Return the problem, or `null` if the last frame is complete. Anything
 * may follow the last frame, such as tags.
 */
export async function checkMp3(reader: MediaReader): Promise<string | null> {
  if (!await skipTag(reader)) return "it is truncated: the MP3 ends inside its tag";
  await skipZeros(reader);
  let frames = 0;
  for (let head = await reader.peek(4); head !== null; head = await reader.peek(4)) {
    const bytes = frameBytes(head);
    if (bytes === null) break;
    if (!reader.skip(bytes)) return "it is truncated: the MP3 ends inside a frame";
    frames++;
  }
  return frames > 0 ? null : "it is damaged: the MP3 has no audio data";
}

/** Skip an ID3v2 tag, whose size uses seven bits per byte. Return false if the file ends inside it. */
async function skipTag(reader: MediaReader): Promise<boolean> {
  const head = await reader.peek(10);
  if (head === null || String.fromCharCode(...head.subarray(0, 3)) !== "ID3") return true;
  const bytes = head.subarray(6).reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0);
  const hasFooter = (head[5]! & 0x10) !== 0;
  return reader.skip(10 + bytes + (hasFooter ? 10 : 0));
}

async function skipZeros(reader: MediaReader): Promise<void> {
  for (let bytes = await reader.peekAvailable(); bytes[0] === 0; bytes = await reader.peekAvailable()) {
    const index = bytes.findIndex((byte) => byte !== 0);
    reader.skip(index < 0 ? bytes.length : index);
  }
}

/** Length of a frame in bytes; `null` where no frame of Layer III begins. */
function frameBytes(head: Uint8Array): number | null {
  const sync = head[0]!;
  const kind = head[1]!;
  const rates = head[2]!;
  const version = (kind >> 3) & 3;
  if (sync !== 0xff || (kind & 0xe6) !== 0xe2 || version === 1) return null;
  const isFirst = version === 3;
  const kilobits = KILOBITS[isFirst ? 0 : 1][rates >> 4];
  const samples = SAMPLES_A_SECOND[(rates >> 2) & 3];
  if (!kilobits || samples === undefined) return null;
  const laterRate = version === 2 ? samples / 2 : samples / 4;
  const rate = isFirst ? samples : laterRate;
  return Math.floor((isFirst ? 144_000 : 72_000) * kilobits / rate) + ((rates >> 1) & 1);
}
