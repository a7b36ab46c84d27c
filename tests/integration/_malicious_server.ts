import { createHash } from "node:crypto";

/**
 * A malicious Civitai: an API and a storage over bare TCP that share no code with the product and its sandbox. One
 * creator, "mallory", has one model for each trick, and some intact ones in between.
 *
 * As a program, it prints its address: `deno run -A tests/integration/_malicious_server.ts`.
 */
export interface MaliciousServer extends AsyncDisposable {
  readonly apiOrigin: string;
  /** Origins of the intact files and of the others: failures of the second must not block the first. */
  readonly wellOrigin: string;
  readonly storageOrigin: string;
  /** Complete requests, by the origin that received them. */
  readonly received: { readonly api: string[]; readonly storage: string[] };
  /** Expected content of the intact files, by file name. */
  readonly wellFiles: ReadonlyMap<string, Uint8Array>;
}

/** The trick of a model's file. */
export type Trick =
  | "well"
  | "wrong bytes"
  | "lying length"
  | "endless chunks"
  | "huge head"
  | "endless head"
  | "drip"
  | "wrong range"
  | "page"
  | "hang up"
  | "loop"
  | "terminal text"
  | "echo"
  | `to ${string}`;

/** Targets of redirects that must not be followed. */
export const STRANGE_ADDRESSES: readonly string[] = [
  ...["https://10.0.0.5/x", "http://169.254.169.254/latest/meta-data", "http://2886794753/x", "http://0xc0a80101/x"],
  ...["https://[::ffff:10.0.0.1]/x", "https://[fe80::1]/x", "http://0.0.0.0:1/x", "https://evil.example/x"],
  ...[
    "data:application/octet-stream,hello",
    "ftp://b2.civitai.com/x",
    "file:///etc/passwd",
    "https://a:b@b2.civitai.com/x",
  ],
];

/** The tricks that end soon. */
export const QUICK_TRICKS: readonly Trick[] = [
  ...["well", "lying length", "huge head", "endless head", "wrong range", "page", "hang up", "loop"] as const,
  ...["terminal text", "echo", "drip", "endless chunks", "well"] as const,
  ...STRANGE_ADDRESSES.map((address): Trick => `to ${address}`),
];

/** Names that lead out of a folder, hide their extension, or contain terminal sequences. */
const NAMES: readonly string[] = [
  ...["../../../../escape", "/absolute", "C:\\windows\\x", "..\\..\\x", "con", "aux.", " .. ", "nul\u0000byte"],
  ...[
    "\u202egpj.sr\u202c",
    "\u001b]0;owned\u0007title",
    "\u001b[2J\u001b[31mred",
    "a\nb\r\nc",
    "~",
    "$(touch x)",
    "-rf",
  ],
  ...["x".repeat(5000), "\ud800 lone", "<script>alert(1)</script>"],
];

/** Options of {@linkcode startMaliciousServer}. */
export interface MaliciousOptions {
  readonly tricks: readonly Trick[];
  /** Whether the pictures of each model are endless. */
  readonly hasEndlessPictures?: boolean;
}

/** Start the server on free ports of this machine. */
export function startMaliciousServer(options: MaliciousOptions): MaliciousServer {
  const received = { api: [] as string[], storage: [] as string[] };
  const models = options.tricks.map((trick, index) => new Model(trick, index + 1));
  const closing = new AbortController();
  const storage = listen(received.storage, closing.signal, (request, conn) => answerStorage(models, request, conn));
  const well = listen(received.storage, closing.signal, (request, conn) => answerStorage(models, request, conn));
  const storageOrigin = `http://127.0.0.1:${storage.port}`;
  const wellOrigin = `http://127.0.0.1:${well.port}`;
  const world = { models, storageOrigin, wellOrigin, hasPictures: options.hasEndlessPictures ?? false };
  const api = listen(received.api, closing.signal, (request, conn) => answerApi(world, request, conn));
  return {
    received,
    storageOrigin,
    wellOrigin,
    apiOrigin: `http://127.0.0.1:${api.port}`,
    wellFiles: new Map(models.filter(({ trick }) => trick === "well").map((model) => [model.fileName, model.bytes])),
    async [Symbol.asyncDispose]() {
      closing.abort();
      await Promise.all([api.ended, storage.ended, well.ended]);
    },
  };
}

/** One model with one version and one file, whose id they share. */
class Model {
  readonly fileName: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Number of requests for its file to the storage. */
  asked = 0;

  constructor(readonly trick: Trick, readonly id: number) {
    const isWell = trick === "well";
    this.fileName = isWell ? `well${id}.safetensors` : `${NAMES[id % NAMES.length]}.safetensors`;
    this.bytes = safetensors(200_000 + id);
  }

  get version(): object {
    const sha256 = createHash("sha256").update(this.bytes).digest("hex").toUpperCase();
    const isLie = this.trick === "lying length" || this.trick === "endless chunks";
    return {
      id: this.id,
      modelId: this.id,
      index: 0,
      name: `v${this.id}`,
      baseModel: "Pony",
      status: "Published",
      availability: "Public",
      publishedAt: "2026-01-01T00:00:00.000Z",
      images: [] as object[],
      files: [{
        id: this.id,
        name: this.fileName,
        type: "Model",
        primary: true,
        metadata: { format: "SafeTensor" },
        sizeKB: isLie ? 10 : this.bytes.length / 1024,
        hashes: isLie ? {} : { SHA256: sha256 },
        pickleScanResult: "Success",
        virusScanResult: "Success",
      }],
    };
  }

  listed(world: World): object {
    const name = this.trick === "well" ? `well ${this.id}` : NAMES[this.id % NAMES.length];
    const version = this.version as { images: object[] };
    if (world.hasPictures) {
      version.images = [{
        id: 1000 + this.id,
        type: "image",
        width: 512,
        height: 512,
        nsfwLevel: 1,
        url: `${world.storageOrigin}/endless/${this.id}.png`,
      }];
    }
    return {
      id: this.id,
      name,
      type: "LORA",
      nsfw: false,
      nsfwLevel: 1,
      tags: ["../tag", "\u001b[0m"],
      creator: { username: "mallory" },
      description: "\u001b]0;x\u0007<script>",
      modelVersions: [version],
    };
  }
}

interface World {
  readonly models: readonly Model[];
  readonly storageOrigin: string;
  readonly wellOrigin: string;
  readonly hasPictures: boolean;
}

/** A minimal valid file of the format: a header of one tensor, and zeros. */
function safetensors(count: number): Uint8Array<ArrayBuffer> {
  const head = JSON.stringify({ a: { dtype: "U8", shape: [count], data_offsets: [0, count] } });
  const bytes = new Uint8Array(8 + head.length + count);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(head.length), true);
  bytes.set(new TextEncoder().encode(head), 8);
  return bytes;
}

interface Asked {
  readonly path: string;
  readonly text: string;
  readonly range: number | null;
}

async function answerApi(world: World, { path, text }: Asked, conn: Deno.Conn): Promise<void> {
  const { pathname, searchParams } = new URL(path, "http://x");
  const json = (value: unknown, status = 200) => sendJson(conn, JSON.stringify(value), status);
  const id = Number(pathname.split("/").at(-1));
  const model = world.models.find((one) => one.id === id);
  if (pathname === "/api/v1/me") return await json({ id: 1, username: "me" });
  if (pathname === "/api/v1/creators") {
    return await json({ items: [{ username: "mallory", modelCount: world.models.length }], metadata: {} });
  }
  if (pathname === "/api/v1/models") {
    // Each page has a new cursor and the same models.
    const nextCursor = `fresh ${Math.floor(performance.now() * 1e6)}`;
    return await json({ items: world.models.map((one) => one.listed(world)), metadata: { nextCursor } });
  }
  if (pathname === "/api/v1/images") return await json({ items: [], metadata: {} });
  if (model === undefined) return await json({ error: "\u001b[31mnone" }, 404);
  if (pathname.startsWith("/api/v1/model-versions/")) return await json(model.version);
  if (pathname.startsWith("/api/v1/models/")) return await json(model.listed(world));
  if (!pathname.startsWith("/api/download/")) return await json({ error: "none" }, 404);
  if (model.trick === "terminal text") {
    return await json({ error: "\u001b]0;owned\u0007\u001b[2J\u009b31m\u202eno" }, 403);
  }
  if (model.trick === "echo") {
    return await json({ error: `denied for ${/authorization: (.*)/i.exec(text)?.[1]} at ${searchParams}` }, 401);
  }
  const location = model.trick === "loop"
    ? path
    : model.trick.startsWith("to ")
    ? model.trick.slice(3)
    : `${model.trick === "well" ? world.wellOrigin : world.storageOrigin}/file/${id}?X-Amz-Signature=s3cr3t`;
  await send(conn, `HTTP/1.1 307 Temporary\r\nlocation: ${location}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
}

const BINARY = "content-type: application/octet-stream\r\nconnection: close\r\n";

async function answerStorage(models: readonly Model[], { path, range }: Asked, conn: Deno.Conn): Promise<void> {
  if (path.startsWith("/endless/")) return await sendEndless(conn, ENDLESS_PNG);
  const model = models.find((one) => one.id === Number(/^\/file\/(\d+)/.exec(path)?.[1]));
  if (model === undefined) return await send(conn, `HTTP/1.1 404 None\r\n${BINARY}content-length: 0\r\n\r\n`);
  const { bytes } = model;
  const total = bytes.length;
  model.asked++;
  switch (model.trick) {
    case "wrong bytes":
      return await sendWhole(conn, bytes.map((byte, index) => index === total - 1 ? byte ^ 1 : byte));
    case "lying length":
      await send(conn, `HTTP/1.1 200 OK\r\n${BINARY}content-length: ${10 ** 15}\r\n\r\n`);
      return await sendForever(conn, new Uint8Array(65_536));
    case "endless chunks":
      return await sendEndless(conn, bytes);
    case "huge head":
      return await send(
        conn,
        `HTTP/1.1 200 OK\r\n${`x-a: ${"b".repeat(1000)}\r\n`.repeat(2000)}content-length: 0\r\n\r\n`,
      );
    case "endless head":
      await send(conn, "HTTP/1.1 200 OK\r\n");
      return await sendForever(conn, new TextEncoder().encode(`x-a: ${"b".repeat(100)}\r\n`));
    case "drip":
      await send(conn, `HTTP/1.1 200 OK\r\n${BINARY}content-length: ${total}\r\n\r\n`);
      return await sendForever(conn, bytes.subarray(0, 1), 100);
    case "wrong range":
      if (range === null) {
        await send(conn, `HTTP/1.1 200 OK\r\n${BINARY}etag: "e"\r\ncontent-length: ${total}\r\n\r\n`);
        return await send(conn, bytes.subarray(0, total / 2));
      }
      await send(conn, `HTTP/1.1 206 Part\r\n${BINARY}content-range: bytes 0-${total - 1}/${total}\r\n\r\n`);
      return await send(conn, bytes);
    case "page":
      return await send(conn, "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>");
    case "hang up":
      return;
    default:
      return await sendWhole(conn, range === null ? bytes : bytes.subarray(range), range);
  }
}

/** The header of a picture, followed by endless blocks. */
const ENDLESS_PNG = Uint8Array.from([137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82]);

async function sendEndless(conn: Deno.Conn, first: Uint8Array): Promise<void> {
  await send(conn, `HTTP/1.1 200 OK\r\n${BINARY}transfer-encoding: chunked\r\n\r\n${first.length.toString(16)}\r\n`);
  await send(conn, first);
  const block = new TextEncoder().encode(`\r\n10000\r\n${"\0".repeat(65_536)}`);
  await sendForever(conn, block);
}

async function sendWhole(conn: Deno.Conn, bytes: Uint8Array, from: number | null = null): Promise<void> {
  const total = bytes.length + (from ?? 0);
  const status = from === null ? "200 OK" : `206 Part\r\ncontent-range: bytes ${from}-${total - 1}/${total}`;
  await send(conn, `HTTP/1.1 ${status}\r\n${BINARY}etag: "e"\r\ncontent-length: ${bytes.length}\r\n\r\n`);
  await send(conn, bytes);
}

async function sendJson(conn: Deno.Conn, text: string, status: number): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  const head = `content-type: application/json\r\ncontent-length: ${bytes.length}\r\nconnection: close\r\n\r\n`;
  await send(conn, `HTTP/1.1 ${status} Answer\r\n${head}`);
  await send(conn, bytes);
}

async function sendForever(conn: Deno.Conn, bytes: Uint8Array, everyMs = 0): Promise<void> {
  for (;;) {
    await send(conn, bytes);
    if (everyMs > 0) await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

async function send(conn: Deno.Conn, data: string | Uint8Array): Promise<void> {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  for (let sent = 0; sent < bytes.length;) sent += await conn.write(bytes.subarray(sent));
}

type Answer = (request: Asked, conn: Deno.Conn) => Promise<void>;

/** One request per connection. */
function listen(received: string[], signal: AbortSignal, answer: Answer): { port: number; ended: Promise<void> } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.Conn>();
  signal.addEventListener("abort", () => {
    listener.close();
    for (const conn of open) close(conn);
  });
  const serve = async (conn: Deno.Conn): Promise<void> => {
    open.add(conn);
    try {
      const text = await readRequest(conn);
      if (text === null) return;
      received.push(text);
      const range = /^range: bytes=(\d+)-/im.exec(text)?.[1];
      await answer({ path: text.split(" ")[1] ?? "/", text, range: range === undefined ? null : Number(range) }, conn);
    } catch (error) {
      // The client disconnected, as it should.
      if (!(error instanceof Error) || !(error.name in Deno.errors)) throw error;
    } finally {
      open.delete(conn);
      close(conn);
    }
  };
  const ended = (async () => {
    const running: Promise<void>[] = [];
    for await (const conn of listener) running.push(serve(conn));
    await Promise.all(running);
  })();
  return { port: listener.addr.port, ended };
}

async function readRequest(conn: Deno.Conn): Promise<string | null> {
  const buffer = new Uint8Array(8192);
  let text = "";
  while (!text.includes("\r\n\r\n")) {
    const count = await conn.read(buffer);
    if (count === null) return null;
    text += new TextDecoder().decode(buffer.subarray(0, count));
  }
  return text;
}

function close(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}

if (import.meta.main) {
  const { apiOrigin, storageOrigin } = startMaliciousServer({ tricks: [...QUICK_TRICKS, "wrong bytes"] });
  await Deno.stdout.write(new TextEncoder().encode(`${apiOrigin} and ${storageOrigin}\n`));
}
