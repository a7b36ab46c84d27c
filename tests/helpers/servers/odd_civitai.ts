import { createHash } from "node:crypto";
import { type Client, createClient, type ResponseCache } from "../../../lib/civitai/mod.ts";
import { fixture } from "./civitai_fixture.ts";
import { safetensors } from "../library/file_bytes.ts";
import { FakeClock } from "../fake_clock.ts";

/** The smallest valid PNG. */
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** An entry as the API sends it; tests may change anything. */
export interface OddEntry {
  [field: string]: unknown;
  id?: unknown;
  name?: unknown;
}

/** A version as the API sends it. */
export interface OddVersion extends OddEntry {
  files?: OddEntry[];
  images?: OddEntry[];
}

/** A model as the API sends it. */
export interface OddModel extends OddEntry {
  modelVersions: OddVersion[];
}

/** An API that returns what a test wrote, with the right bytes behind it. */
export interface OddCivitai extends AsyncDisposable {
  readonly url: string;
  readonly client: Client;
  /** A client with a cache. */
  clientWith(cache: ResponseCache): Client;
  /** The entries of each page of `/api/v1/models` or `/api/v1/images`, as JSON text. */
  readonly pages: Map<string, readonly string[]>;
  /** Whole responses by path, as JSON text. */
  readonly answers: Map<string, string>;
  /** Paths with queries, in request order. */
  readonly asked: string[];
  /** Paths of pages that were sent completely. */
  readonly sent: string[];
}

/** The bytes of a model file, different for each. */
export function bytesOf(fileId: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(safetensors(64, { title: `file ${fileId}` }));
}

/** Start the API on a free port of this machine. */
export function serveOddCivitai(): OddCivitai {
  const pages = new Map<string, readonly string[]>();
  const answers = new Map<string, string>();
  const asked: string[] = [];
  const sent: string[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const { pathname, searchParams, search } = new URL(request.url);
    asked.push(`${pathname}${search}`);
    const last = pathname.split("/").at(-1)!;
    if (pathname.startsWith("/file/")) return new Response(bytesOf(Number(last)));
    if (pathname.startsWith("/image/")) {
      return new Response(Uint8Array.fromBase64(PNG), { headers: { "content-type": "image/png" } });
    }
    if (pathname.startsWith("/api/download/")) return redirect(`/file/${searchParams.get("fileId")}`);
    const listing = pages.get(pathname);
    if (listing !== undefined && !searchParams.has("ids")) {
      const text = pageText(listing, Number(searchParams.get("cursor") ?? 0));
      return json(text, request, () => sent.push(pathname));
    }
    const answer = answers.get(pathname);
    if (answer !== undefined) return json(answer, request);
    return pathname.endsWith("s") && !pathname.includes("by-hash")
      ? json('{"items":[],"metadata":{}}', request)
      : Response.json({ error: "not found" }, { status: 404 });
  });
  const url = `http://127.0.0.1:${server.addr.port}`;
  const clientOf = (cache?: ResponseCache): Client =>
    createClient({ baseUrl: url, clock: new FakeClock(Date.now()), mirrorUrl: null, cache });
  return {
    url,
    pages,
    answers,
    asked,
    sent,
    client: clientOf(),
    clientWith: clientOf,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function json(text: string, request: Request, onSent: () => void = () => {}): Response {
  const etag = `"${createHash("sha256").update(text).digest("hex")}"`;
  const headers = { "content-type": "application/json", etag };
  const isKnown = request.headers.get("if-none-match") === etag;
  if (isKnown) return new Response(null, { status: 304, headers });
  return new Response(ReadableStream.from(chunksOf(text, onSent)), { headers });
}

const CHUNK_BYTES = 65_536;

/** A chunk is pulled when the previous one was sent. */
function* chunksOf(text: string, onSent: () => void): Generator<Uint8Array<ArrayBuffer>> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
  onSent();
}

function redirect(location: string): Response {
  return new Response(null, { status: 302, headers: { location } });
}

function pageText(pages: readonly string[], index: number): string {
  const next = index + 1 < pages.length ? `,"metadata":{"nextCursor":"${index + 1}"}` : "";
  return `{"items":${pages[index] ?? "[]"}${next}}`;
}

/** A model of a fixture under other ids, with files and images that {@linkcode serveOddCivitai} serves. */
export function renumbered(model: OddModel, id: number, url: string): OddModel {
  const copy = structuredClone(model);
  Object.assign(copy, { id, name: `Model ${id}` });
  for (const [versionIndex, version] of copy.modelVersions.entries()) {
    const versionId = id * 10 + versionIndex;
    Object.assign(version, { id: versionId, name: `v${versionIndex}` });
    for (const [index, file] of (version.files ?? []).entries()) placeFile(file, versionId * 10 + index);
    for (const [index, image] of (version.images ?? []).entries()) {
      const imageId = versionId * 10 + index;
      if ("id" in image) image.id = imageId;
      image.url = `${url}/image/${imageId}.jpeg`;
    }
  }
  return copy;
}

function placeFile(file: OddEntry, id: number): void {
  const bytes = bytesOf(id);
  Object.assign(file, {
    id,
    name: `file${id}.safetensors`,
    sizeKB: bytes.length / 1024,
    type: file.type ?? "Model",
    metadata: { ...file.metadata as object, format: "SafeTensor" },
    hashes: { SHA256: createHash("sha256").update(bytes).digest("hex").toUpperCase() },
  });
}

/** A healthy model: two versions of one file each, three images and one. */
export function plainModel(id: number, url: string): OddModel {
  const { items } = fixture<{ readonly items: readonly OddModel[] }>("models_page1.json");
  return renumbered(items[0]!, id, url);
}
