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
export interface AnswerBody {
  readonly sizeBytes: number;
  /** Fill `target` with the bytes from `start` on. */
  read(start: number, target: Uint8Array): void;
}

/** An answer before it is written. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AnswerBody;
  /** Faults that are applied while it is written. */
  readonly faults?: FaultPlan | undefined;
  /** Called after each write with the number of body bytes that were written. */
  readonly onBytes?: ((count: number) => void) | undefined;
  /** Called once after the answer has ended, however it ended. */
  readonly onEnd?: (() => void) | undefined;
}

const ENCODER = new TextEncoder();

/** A body from bytes in memory. */
export function bytesBody(bytes: Uint8Array): AnswerBody {
  return {
    sizeBytes: bytes.length,
    read: (start, target) => target.set(bytes.subarray(start, start + target.length)),
  };
}

/** An answer of text. */
export function textAnswer(
  status: number,
  text: string,
  contentType: string,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer {
  return { status, headers: { "Content-Type": contentType, ...headers }, body: bytesBody(ENCODER.encode(text)) };
}

/** An answer of JSON. */
export function jsonAnswer(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer {
  return textAnswer(status, JSON.stringify(value), "application/json; charset=utf-8", headers);
}

/** An answer of HTML: a page. */
export function htmlAnswer(status: number, title: string, content = ""): HttpAnswer {
  const page = `<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>${title}</title></head>` +
    `<body>${content}</body></html>\n`;
  return textAnswer(status, page, "text/html; charset=utf-8");
}

/** An error in the XML form of S3-compatible storage. */
export function xmlErrorAnswer(status: number, code: string, message: string): HttpAnswer {
  const text = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return textAnswer(status, text, "application/xml");
}
