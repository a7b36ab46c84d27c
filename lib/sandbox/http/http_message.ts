import type { FaultPlan } from "../faults/fault_plan.ts";

/** A complete request. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  readonly url: URL;
  /** Values by lower-case name; repeated fields are joined by commas. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
  /** IP address of the client. */
  readonly client: string;
}

/** A body whose bytes are generated while it is sent. */
export interface ResponseBody {
  readonly sizeBytes: number;
  /** Fill `target` with the bytes that begin at `start`. */
  read(start: number, target: Uint8Array): void;
}

/** A response before it is written. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ResponseBody;
  /** Faults that are applied while the response is written. */
  readonly faults?: FaultPlan | undefined;
  /** Called after each write with the number of body bytes that were written. */
  readonly onBytes?: ((count: number) => void) | undefined;
  /** Called when a fault begins to keep the line silent, before the headers or in the body. */
  readonly onSilence?: ((step: "headers" | "body") => void) | undefined;
  /** Called when a fault begins to send the body slowly, and when it stops; not when the response ends before. */
  readonly onSlowLine?: ((bytesPerSecond: number | null) => void) | undefined;
  /** Called once after the response has ended, however it ended. */
  readonly onEnd?: (() => void) | undefined;
}

const ENCODER = new TextEncoder();

/** Create a body from bytes in memory. */
export function bytesBody(bytes: Uint8Array): ResponseBody {
  return {
    sizeBytes: bytes.length,
    read: (start, target) => target.set(bytes.subarray(start, start + target.length)),
  };
}

/** Create a text response. */
export function textResponse(
  status: number,
  text: string,
  contentType: string,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  return { status, headers: { "Content-Type": contentType, ...headers }, body: bytesBody(ENCODER.encode(text)) };
}

/** Create a JSON response. */
export function jsonResponse(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  return textResponse(status, JSON.stringify(value), "application/json; charset=utf-8", headers);
}

/** Create an HTML response: a page. */
export function htmlResponse(status: number, title: string, content = ""): HttpResponse {
  const page = `<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>${title}</title></head>` +
    `<body>${content}</body></html>\n`;
  return textResponse(status, page, "text/html; charset=utf-8");
}

/** Create an error response in the XML format of S3-compatible storage. */
export function xmlErrorResponse(status: number, code: string, message: string): HttpResponse {
  const text = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return textResponse(status, text, "application/xml");
}
