import { readTarHeader } from "./tar_header.ts";
import { type MediaFormat, sniffImage } from "../pictures/sniff_image.ts";

/** Format of a file by its bytes; `html` is any page of markup, such as the XML error of a storage server. */
export type FileFormat =
  | "safetensors"
  | "gguf"
  | "zip"
  | "pickle"
  | "tar"
  | "html"
  | "json"
  | MediaFormat
  | "onnx"
  | "yaml"
  | "text"
  | "unknown";

/** No reader accepts a longer safetensors header. */
const MAX_HEADER_BYTES = 100_000_000n;

/**
 * Detect a file's format by its first bytes. YAML is reported as `text`, since its bytes do not show the difference.
 *
 * @param head The first bytes; 4 KiB is enough
 * @returns The format
 */
export function sniffFormat(head: Uint8Array): FileFormat {
  const media = sniffImage(head);
  // The two bytes that begin an MP3 frame prove little, so the formats below come first.
  if (media !== null && media !== "mp3") return media;
  const start = String.fromCharCode(...head.subarray(0, 4));
  if (start === "GGUF") return "gguf";
  if (start === "PK\x03\x04" || start === "PK\x05\x06") return "zip";
  if (isSafetensors(head)) return "safetensors";
  if (head[0] === 0x80 && head[1]! >= 2 && head[1]! <= 5) return "pickle";
  if (readTarHeader(head) !== null) return "tar";
  return sniffText(head) ?? (isOnnx(head) ? "onnx" : media ?? "unknown");
}

function isSafetensors(head: Uint8Array): boolean {
  if (head.length < 9 || head[8] !== 0x7b) return false;
  const length = new DataView(head.buffer, head.byteOffset).getBigUint64(0, true);
  return length >= 2n && length <= MAX_HEADER_BYTES;
}

/** Protobuf: field 1 (version of the format) as a small number, then another of the model's fields. */
function isOnnx(head: Uint8Array): boolean {
  return head[0] === 0x08 && head[1]! > 0 && head[1]! < 32 &&
    [0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42].includes(head[2]!);
}

function sniffText(head: Uint8Array): "html" | "json" | "text" | null {
  if (head.length === 0 || head.includes(0)) return null;
  let text: string;
  try {
    // Decoded as a stream, because the head can end inside a character.
    text = new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true }).trimStart();
  } catch {
    // Bytes that are not valid UTF-8 are not text.
    return null;
  }
  // deno-lint-ignore no-control-regex -- control characters are what it looks for
  if (/[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(text)) return null;
  if (/^<(?:!doctype|!--|\?xml|html|head|body|error)\b/i.test(text) || text.startsWith("<!--")) return "html";
  return /^(?:\{\s*["}]|\[\s*[[{"\d\]tfn-])/.test(text) ? "json" : "text";
}
