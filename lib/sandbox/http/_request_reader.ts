import type { Socket } from "node:net";
import type { HttpRequest } from "./http_message.ts";
import { joinBytes } from "../_join_bytes.ts";

const MAX_HEAD_BYTES = 65_536;
const MAX_BODY_BYTES = 8_388_608;
const DECODER = new TextDecoder();

/** The error for a request that cannot be parsed. */
export class MalformedRequest extends Error {
  /** The name that stack traces print. */
  override name = "MalformedRequest";
}

/** Reads one request after another from a connection. */
export class RequestReader {
  readonly #socket: Socket;
  readonly #client: string;
  #buffer: Uint8Array = new Uint8Array(0);
  #isEnded = false;
  #wake = (): void => {};

  /**
   * Start reading from a connection.
   *
   * @param socket The connection; its data is consumed from now on
   */
  constructor(socket: Socket) {
    this.#socket = socket;
    this.#client = socket.remoteAddress ?? "";
    socket.on("data", (chunk: Uint8Array) => {
      this.#append(chunk);
      // Limit the memory that a client can fill by sending requests without reading the responses.
      if (this.#buffer.length > MAX_BODY_BYTES + MAX_HEAD_BYTES) socket.pause();
      this.#wake();
    });
    const end = (): void => {
      this.#isEnded = true;
      this.#wake();
    };
    socket.on("end", end);
    socket.on("close", end);
  }

  /**
   * Read the next request.
   *
   * @returns The request, or `null` when the connection has ended
   * @throws {MalformedRequest} If the bytes are not a valid request
   */
  async next(): Promise<HttpRequest | null> {
    const headEnd = await this.#findHeadEnd();
    if (headEnd === null) return null;
    const [requestLine = "", ...fields] = DECODER.decode(this.#take(headEnd + 4).subarray(0, headEnd)).split("\r\n");
    const [method = "", target = ""] = requestLine.split(" ");
    const headers = parseFields(fields);
    const host = headers.get("host") ?? "localhost";
    const url = URL.parse(target, `http://${host}`);
    if (!/^[A-Z]+$/.test(method) || !target.startsWith("/") || url === null) {
      throw new MalformedRequest(`Cannot read request: "${requestLine.slice(0, 100)}" is not a request line`);
    }
    if (headers.get("expect")?.toLowerCase() === "100-continue") this.#socket.write("HTTP/1.1 100 Continue\r\n\r\n");
    const body = headers.get("transfer-encoding")?.toLowerCase() === "chunked"
      ? await this.#chunkedBody()
      : await this.#exactly(Number(headers.get("content-length") ?? 0));
    return { method, target, url, headers, body, client: this.#client };
  }

  async #findHeadEnd(): Promise<number | null> {
    for (let from = 0;;) {
      const end = indexOfBlankLine(this.#buffer, from);
      if (end >= 0) return end;
      if (this.#buffer.length > MAX_HEAD_BYTES) throw new MalformedRequest("Cannot read request: its head is too long");
      if (this.#isEnded) return null;
      from = Math.max(0, this.#buffer.length - 3);
      await this.#more();
    }
  }

  async #exactly(count: number): Promise<Uint8Array> {
    if (!Number.isInteger(count) || count < 0 || count > MAX_BODY_BYTES) {
      throw new MalformedRequest(`Cannot read request: its length is ${count}`);
    }
    while (this.#buffer.length < count) {
      if (this.#isEnded) throw new MalformedRequest("Cannot read request: the connection ended inside its body");
      await this.#more();
    }
    return this.#take(count);
  }

  async #chunkedBody(): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for (;;) {
      let line = "";
      while (!line.endsWith("\r\n")) line += DECODER.decode(await this.#exactly(1));
      const chunk = await this.#exactly(Number.parseInt(line, 16));
      await this.#exactly(2);
      if (chunk.length === 0) return joinBytes(chunks);
      chunks.push(chunk);
      length += chunk.length;
      if (length > MAX_BODY_BYTES) throw new MalformedRequest("Cannot read request: its body is too long");
    }
  }

  #more(): Promise<void> {
    const waited = new Promise<void>((resolve) => this.#wake = resolve);
    this.#socket.resume();
    return waited;
  }

  #take(count: number): Uint8Array {
    const taken = this.#buffer.subarray(0, count);
    this.#buffer = this.#buffer.subarray(count);
    return taken;
  }

  #append(chunk: Uint8Array): void {
    this.#buffer = joinBytes([this.#buffer, chunk]);
  }
}

function indexOfBlankLine(bytes: Uint8Array, from: number): number {
  for (let index = bytes.indexOf(13, from); index >= 0; index = bytes.indexOf(13, index + 1)) {
    if (bytes[index + 1] === 10 && bytes[index + 2] === 13 && bytes[index + 3] === 10) return index;
  }
  return -1;
}

function parseFields(lines: readonly string[]): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon <= 0) throw new MalformedRequest(`Cannot read request: "${line.slice(0, 100)}" is not a header`);
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    const known = fields.get(name);
    fields.set(name, known === undefined ? value : `${known}, ${value}`);
  }
  return fields;
}
