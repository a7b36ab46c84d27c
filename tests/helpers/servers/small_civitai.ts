import { type Client, createClient } from "../../../lib/civitai/mod.ts";
import { FakeClock } from "../fake_clock.ts";
import { sha256 } from "./file_server.ts";

/** A published file, the only one of its version. */
export interface Published {
  readonly modelId: number;
  readonly versionId: number;
  readonly fileId: number;
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A response of the storage in place of the file. */
export type Fault = (request: Request, file: Published) => Response | undefined;

/** An API and its storage, on two free ports of this machine. */
export interface SmallCivitai extends AsyncDisposable {
  readonly client: Client;
  /** Origin of the storage. */
  readonly storageUrl: string;
  /** Requests to the storage. */
  readonly fetched: { readonly range: string | null; readonly ifRange: string | null }[];
  /** Requested paths of the API. */
  readonly asked: string[];
  /** Used one per storage request, from the front. */
  readonly faults: Fault[];
  /** Models removed from the API whose hashes are still known. */
  readonly gone: Set<number>;
  /** Models that the listing omits. */
  readonly unlisted: Set<number>;
  etag: string;
}

/** Serve published files. */
export function serveCivitai(files: readonly Published[]): SmallCivitai {
  const state = {
    fetched: [] as SmallCivitai["fetched"],
    asked: [] as string[],
    faults: [] as Fault[],
    gone: new Set<number>(),
    unlisted: new Set<number>(),
    etag: '"v1"',
  };
  const storage = serve((request) => {
    const file = files.find(({ fileId }) => request.url.includes(`/${fileId}?`))!;
    state.fetched.push({ range: request.headers.get("range"), ifRange: request.headers.get("if-range") });
    return state.faults.shift()?.(request, file) ?? serveRange(request, file.bytes, state.etag);
  });
  const storageUrl = `http://127.0.0.1:${storage.addr.port}`;
  const api = serve(async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    state.asked.push(pathname);
    const id = Number(pathname.split("/").at(-1));
    const models = (ids: readonly number[]): unknown[] =>
      ids.filter((one) => !state.gone.has(one)).map((one) => modelJson(one, files)).filter((one) => one !== null);
    if (pathname.startsWith("/api/download/")) {
      return redirect(`${storageUrl}/${searchParams.get("fileId")}?signed=1`);
    }
    if (pathname.endsWith("/by-hash/ids")) return Response.json(matchesOf(await request.json(), files));
    if (pathname.endsWith("/models")) {
      const ids = searchParams.get("ids")!.split(",").map(Number).filter((one) => !state.unlisted.has(one));
      return Response.json({ items: models(ids), metadata: {} });
    }
    const found = pathname.includes("/model-versions/") ? versionJson(id, files) : models([id])[0];
    return found === undefined || found === null
      ? Response.json({ error: "not found" }, { status: 404 })
      : Response.json(found);
  });
  const client = createClient({ baseUrl: `http://127.0.0.1:${api.addr.port}`, clock: new FakeClock() });
  return Object.assign(state, {
    client,
    storageUrl,
    async [Symbol.asyncDispose]() {
      await Promise.all([storage.shutdown(), api.shutdown()]);
    },
  });
}

function serve(handler: (request: Request) => Response | Promise<Response>): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, handler);
}

function redirect(location: string): Response {
  return new Response(null, { status: 302, headers: { location } });
}

/** A storage that supports ranges with both ends. */
export function serveRange(request: Request, bytes: Uint8Array<ArrayBuffer>, etag: string): Response {
  const headers = { etag, "content-type": "application/octet-stream" };
  const match = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("range") ?? "");
  const condition = request.headers.get("if-range");
  if (match === null || (condition !== null && condition !== etag)) return new Response(bytes, { headers });
  const start = Number(match[1]);
  const end = match[2] === "" ? bytes.length : Number(match[2]) + 1;
  const range = `bytes ${start}-${end - 1}/${bytes.length}`;
  return new Response(bytes.subarray(start, end), { status: 206, headers: { ...headers, "content-range": range } });
}

function modelJson(modelId: number, files: readonly Published[]): unknown {
  const own = files.filter((file) => file.modelId === modelId);
  if (own.length === 0) return null;
  const modelVersions = [...new Set(own.map(({ versionId }) => versionId))].map((id) => versionJson(id, files));
  const creator = { username: "brambleforge" };
  return { id: modelId, name: `Model ${modelId}`, type: "LORA", tags: [], nsfw: false, creator, modelVersions };
}

function versionJson(versionId: number, files: readonly Published[]): unknown {
  const own = files.filter((file) => file.versionId === versionId);
  if (own.length === 0) return null;
  return {
    id: versionId,
    modelId: own[0]!.modelId,
    name: `v${versionId}`,
    baseModel: "SDXL 1.0",
    images: [],
    files: own.map(({ fileId, name, bytes }) => ({
      id: fileId,
      name,
      type: "Model",
      sizeKB: bytes.length / 1024,
      metadata: { format: "Other" },
      hashes: { SHA256: sha256(bytes).toUpperCase() },
      primary: true,
    })),
  };
}

function matchesOf(hashes: readonly string[], files: readonly Published[]): unknown {
  const wanted = new Set(hashes.map((hash) => hash.toLowerCase()));
  return files.map((file) => ({ file, hash: sha256(file.bytes) })).filter(({ hash }) => wanted.has(hash))
    .map(({ file, hash }) => ({ hash, modelVersionId: file.versionId, modelId: file.modelId }));
}
