import { createHash } from "node:crypto";

/** A published file: the only one of its version, unless several share its id. */
export interface PublishedFile {
  readonly modelId: number;
  readonly versionId: number;
  readonly fileId: number;
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Fields of the API's entry, such as scan results. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** An API and its storage with any files of one creator. */
export interface FlaggedCivitai extends AsyncDisposable {
  readonly url: string;
  /** Ids of the files whose links were requested. */
  readonly fetched: number[];
}

/** Serve files; the array may change meanwhile. */
export function serveFlaggedCivitai(files: readonly PublishedFile[]): FlaggedCivitai {
  const fetched: number[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const { pathname, searchParams, origin } = new URL(request.url);
    const id = Number(pathname.split("/").at(-1));
    if (pathname.startsWith("/api/download/")) {
      fetched.push(Number(searchParams.get("fileId")));
      return Response.redirect(`${origin}/bytes/${searchParams.get("fileId")}?signed=1`, 302);
    }
    if (pathname.startsWith("/bytes/")) {
      return serveBytes(request, files.find(({ fileId }) => fileId === id)!.bytes);
    }
    if (pathname === "/api/v1/creators") {
      return Response.json({ items: [{ username: "brambleforge", modelCount: ids(files).length }], metadata: {} });
    }
    if (pathname === "/api/v1/models") return Response.json({ items: ids(files).map((one) => model(one, files)) });
    if (pathname.startsWith("/api/v1/models/")) return answer(model(id, files));
    if (pathname.startsWith("/api/v1/model-versions/by-hash/")) return answer(byHash(pathname, files));
    if (pathname.startsWith("/api/v1/model-versions/")) return answer(version(id, files));
    return Response.json({ items: [], metadata: {} });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    fetched,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function serveBytes(request: Request, bytes: Uint8Array<ArrayBuffer>): Response {
  const match = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("range") ?? "");
  if (match === null) return new Response(bytes, { headers: { etag: '"v1"' } });
  const start = Number(match[1]);
  const end = match[2] === "" ? bytes.length : Math.min(bytes.length, Number(match[2]) + 1);
  const range = `bytes ${start}-${end - 1}/${bytes.length}`;
  return new Response(bytes.subarray(start, end), { status: 206, headers: { "content-range": range, etag: '"v1"' } });
}

function answer(json: unknown): Response {
  return json === null ? Response.json({ error: "not found" }, { status: 404 }) : Response.json(json);
}

function ids(files: readonly PublishedFile[]): readonly number[] {
  return [...new Set(files.map(({ modelId }) => modelId))];
}

function model(modelId: number, files: readonly PublishedFile[]): unknown {
  const versions = [...new Set(files.filter((file) => file.modelId === modelId).map(({ versionId }) => versionId))];
  if (versions.length === 0) return null;
  return {
    id: modelId,
    name: `Model ${modelId}`,
    type: "TextualInversion",
    tags: [],
    nsfw: false,
    creator: { username: "brambleforge" },
    modelVersions: versions.map((id) => version(id, files)),
  };
}

function version(versionId: number, files: readonly PublishedFile[]): Record<string, unknown> | null {
  const own = files.filter((file) => file.versionId === versionId);
  if (own.length === 0) return null;
  return {
    id: versionId,
    modelId: own[0]!.modelId,
    name: `v${versionId}`,
    baseModel: "SD 1.5",
    images: [],
    files: own.map(({ fileId, name, bytes, fields }, index) => ({
      id: fileId,
      name,
      type: "Model",
      sizeKB: bytes.length / 1024,
      primary: index === 0,
      pickleScanResult: "Success",
      virusScanResult: "Success",
      metadata: { format: "PickleTensor" },
      hashes: { SHA256: sha256(bytes) },
      ...fields,
    })),
  };
}

function byHash(pathname: string, files: readonly PublishedFile[]): unknown {
  const hash = pathname.split("/").at(-1)!.toUpperCase();
  const file = files.find(({ bytes }) => sha256(bytes) === hash);
  return file === undefined ? null : version(file.versionId, files);
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").toUpperCase();
}
