import type { TransportResponse } from "../../lib/transfer/mod.ts";

/** Read a body to its end, as text of one character per byte. */
export async function readAll(response: TransportResponse, pieceBytes = 1000): Promise<string> {
  const target = new Uint8Array(pieceBytes);
  let text = "";
  for (let count; (count = await response.read(target)) !== null;) {
    text += String.fromCharCode(...target.subarray(0, count));
  }
  return text;
}
