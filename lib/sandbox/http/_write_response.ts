import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { Clock } from "../../base/mod.ts";
import { type FaultPlan, NO_FAULTS } from "../faults/fault_plan.ts";
import type { HttpResponse } from "./http_message.ts";
import { joinBytes } from "../_join_bytes.ts";

const CHUNK_BYTES = 262_144;
const ENCODER = new TextEncoder();

/** Options of {@linkcode writeResponse}. */
export interface WriteResponseOptions {
  /** Whether to send only the head. */
  readonly isHead: boolean;
  /** Whether the client wants to reuse the connection. */
  readonly isKept: boolean;
  readonly clock: Clock;
  /** Aborts when the connection is closed. */
  readonly signal: AbortSignal;
}

/**
 * Write a response, with its faults.
 *
 * @param socket The connection
 * @param answer The response
 * @param options How to write it
 * @returns Whether the connection can be used again
 */
export async function writeResponse(
  socket: Socket,
  response: HttpResponse,
  options: WriteResponseOptions,
): Promise<boolean> {
  const { clock, signal, isHead, isKept } = options;
  const keepSilent = async (step: "headers" | "body"): Promise<false> => {
    response.onSilence?.(step);
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener("abort", () => resolve(), { once: true });
    });
    return false;
  };
  const { faults = NO_FAULTS, body, onBytes = () => {} } = response;
  if (faults.delayMs > 0) await clock.sleep(faults.delayMs, { signal });
  if (faults.isSilent) return await keepSilent("headers");
  const length = isHead ? 0 : body.sizeBytes;
  const cutAt = faults.cut === null ? null : placeIn(faults.cut.at, length);
  const end = cutAt ?? length;
  const corruptAt = faults.corruptAt === null ? null : placeIn(faults.corruptAt, length);
  const pace = paceOf(faults, clock, response.onSlowLine);
  const buffer = new Uint8Array(Math.min(pace.maxChunkBytes, end));
  let pending: Uint8Array | null = headBytes(response, isKept, clock.now());
  for (let start = 0; start < end;) {
    const chunk = buffer.subarray(0, Math.min(pace.chunkBytes(), end - start));
    body.read(start, chunk);
    if (corruptAt !== null && corruptAt >= start && corruptAt < start + chunk.length) chunk[corruptAt - start]! ^= 0x20;
    await send(socket, pending === null ? chunk : joinBytes([pending, chunk]));
    pending = null;
    onBytes(chunk.length);
    const restMs = pace.restMs(chunk.length);
    if (restMs > 0) await clock.sleep(restMs, { signal });
    start += chunk.length;
  }
  if (pending !== null) await send(socket, pending);
  if (cutAt === null || faults.cut === null) return isKept;
  if (faults.cut.how === "reset") socket.resetAndDestroy();
  return faults.cut.how === "stall" ? await keepSilent("body") : false;
}

/**
 * Return the offset for a position in bytes, or for a fraction of the body if it is below 1; `null` if the body is
 * shorter.
 */
function placeIn(position: number, length: number): number | null {
  const place = position < 1 ? Math.floor(position * length) : position;
  return place < length ? place : null;
}

/** How fast a body is sent. */
interface Pace {
  readonly maxChunkBytes: number;
  /** Size of the next chunk. */
  chunkBytes(): number;
  /** How long to wait after a chunk, in milliseconds. */
  restMs(count: number): number;
}

function paceOf(
  { bytesPerSecond, sip, trickle }: FaultPlan,
  clock: Clock,
  onSlowLine: HttpResponse["onSlowLine"] = () => {},
): Pace {
  const startMs = clock.monotonic();
  let sent = 0;
  const usualBytes = Math.max(
    1,
    Math.min(CHUNK_BYTES, Math.ceil(bytesPerSecond / 20), sip?.chunkBytes ?? CHUNK_BYTES),
  );
  let isSlow = trickle !== null;
  if (trickle !== null) onSlowLine(trickle.bytesPerSecond);
  const slowRate = (): number | null => {
    if (trickle !== null && clock.monotonic() - startMs < trickle.forMs) return trickle.bytesPerSecond;
    if (isSlow) onSlowLine(null);
    isSlow = false;
    return null;
  };
  return {
    maxChunkBytes: usualBytes,
    chunkBytes(): number {
      const rate = slowRate();
      return rate === null ? usualBytes : Math.min(usualBytes, Math.max(1, Math.ceil(rate / 4)));
    },
    restMs(count: number): number {
      const rate = slowRate();
      if (rate !== null) return 1000 * count / rate;
      sent += count;
      const dueMs = sent / bytesPerSecond * 1000;
      return Math.max(0, dueMs - (clock.monotonic() - startMs)) + (sip?.ms ?? 0);
    },
  };
}

/** Header values may contain any Unicode characters; they are sent as raw UTF-8, as the live storage sends them. */
function headBytes(response: HttpResponse, isKept: boolean, nowMs: number): Uint8Array {
  const { status, headers, body } = response;
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Unknown"}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${body.sizeBytes}`,
    `Date: ${new Date(nowMs).toUTCString()}`,
    `Connection: ${isKept ? "keep-alive" : "close"}`,
  ];
  return ENCODER.encode(`${lines.join("\r\n")}\r\n\r\n`);
}

/** Write bytes to the connection. Resolves when their buffer may be overwritten. */
function send(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const onClose = (): void => reject(new Error("Cannot write response: the connection is closed"));
    if (socket.destroyed) return onClose();
    socket.once("close", onClose);
    socket.write(bytes, (error) => {
      socket.off("close", onClose);
      if (error) reject(error);
      else resolve();
    });
  });
}
