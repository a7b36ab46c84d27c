import type { FaultPlan } from "../faults/fault_plan.ts";

/** A request, read whole. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  readonly url: URL;
  /** Names in lower case; repeated fields joined. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
  /** Address of the other end, without its port. */
  readonly client: string;
}

/** Bytes that are made while they are sent. */
export interface AnswerBody {
  readonly sizeBytes: number;
  /** Fill `target` with what begins at `start`. */
  read(start: number, target: Uint8Array): void;
}

/** An answer before it is written. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AnswerBody;
  /** What goes wrong while it is written. */
  readonly faults?: FaultPlan | undefined;
  /** Called with each number of body bytes that were handed to the network. */
  readonly onBytes?: ((count: number) => void) | undefined;
  /** Called once when the answer is over, however it ended. */
  readonly onEnd?: (() => void) | undefined;
}

const ENCODER = new TextEncoder();

/** A body that is already there. */
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

/** A page. */
export function htmlAnswer(status: number, title: string, content = ""): HttpAnswer {
  const page = `<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>${title}</title></head>` +
    `<body>${content}</body></html>\n`;
  return textAnswer(status, page, "text/html; charset=utf-8");
}

/** An error as S3-like storage words it. */
export function xmlErrorAnswer(status: number, code: string, message: string): HttpAnswer {
  const text = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return textAnswer(status, text, "application/xml");
}
