import { walk } from "@std/fs";
import { createHash } from "node:crypto";
import { join, relative } from "node:path";

/** A registry of packages in the form of jsr.io, on this machine. */
export interface JsrRegistry extends AsyncDisposable {
  /** Its address, for the variable `JSR_URL`. */
  readonly url: string;
  /** The packages that were published to it, as `@scope/name@version`. */
  readonly published: readonly string[];
  /** Paths of the files of a package, sorted. */
  readonly filesOf: (name: string) => readonly string[];
}

/** A package in the registry. */
interface StoredPackage {
  readonly version: string;
  readonly exports: Readonly<Record<string, string>>;
  /** Content of each file by its path, such as `/mod.ts`. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * Start a registry that has the packages of some folders, and takes what `deno publish` sends. Publishing needs no
 * account there: any token is right.
 *
 * @param folders Folders of packages, each with a `deno.json`
 */
export async function startJsrRegistry(folders: readonly string[]): Promise<JsrRegistry> {
  const packages = new Map<string, StoredPackage>();
  for (const folder of folders) {
    const files = await readFiles(folder);
    packages.set(nameOf(files), packageOf(files));
  }
  const published: string[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    const wanted = /^\/api\/scopes\/([\w-]+)\/packages\/([\w-]+)(?:\/versions\/([\w.-]+))?$/.exec(pathname);
    if (wanted === null) return serveFile(packages, pathname) ?? new Response("not found", { status: 404 });
    const [, scope, name, version] = wanted;
    if (version === undefined) return Response.json({ scope, name, githubRepository: null });
    const full = `@${scope}/${name}`;
    if (request.method === "GET") {
      // Errors of the API are JSON with a code.
      if (packages.get(full)?.version === version) return Response.json({ version });
      return Response.json({ code: "packageVersionNotFound", message: "not found" }, { status: 404 });
    }
    packages.set(full, packageOf(await untar(await request.bytes())));
    published.push(`${full}@${version}`);
    return Response.json({ id: crypto.randomUUID(), status: "success", error: null });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    published,
    filesOf: (name) => [...packages.get(name)?.files.keys() ?? []].toSorted(),
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

const TYPES: Readonly<Record<string, string>> = {
  ts: "text/typescript",
  js: "text/javascript",
  json: "application/json",
};

/** What a client asks: the versions of a package, the files of one version, or a file. */
function serveFile(packages: ReadonlyMap<string, StoredPackage>, pathname: string): Response | null {
  const [, name, rest] = /^\/(@[\w-]+\/[\w-]+)\/(.+)$/.exec(decodeURIComponent(pathname)) ?? [];
  const found = packages.get(name ?? "");
  if (found === undefined) return null;
  const { version, exports, files } = found;
  if (rest === "meta.json") return Response.json({ name, latest: version, versions: { [version]: {} } });
  if (rest === `${version}_meta.json`) {
    const manifest = [...files].map(([path, bytes]) => {
      const checksum = `sha256-${createHash("sha256").update(bytes).digest("hex")}`;
      return [path, { size: bytes.length, checksum }];
    });
    return Response.json({ exports, manifest: Object.fromEntries(manifest) });
  }
  const path = rest!.startsWith(`${version}/`) ? rest!.slice(version.length) : "";
  const bytes = files.get(path);
  if (bytes === undefined) return null;
  const type = TYPES[path.slice(path.lastIndexOf(".") + 1)] ?? "text/plain";
  return new Response(bytes as BodyInit, { headers: { "content-type": type } });
}

function packageOf(files: ReadonlyMap<string, Uint8Array>): StoredPackage {
  const { version, exports } = configOf(files);
  return { version, exports: typeof exports === "string" ? { ".": exports } : exports, files };
}

function nameOf(files: ReadonlyMap<string, Uint8Array>): string {
  return configOf(files).name;
}

function configOf(files: ReadonlyMap<string, Uint8Array>) {
  return JSON.parse(new TextDecoder().decode(files.get("/deno.json")));
}

async function readFiles(folder: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for await (const { path } of walk(folder, { includeDirs: false })) {
    files.set(`/${relative(folder, path).replaceAll("\\", "/")}`, await Deno.readFile(path));
  }
  return files;
}

/** Unpack what `deno publish` sends; it is a tar archive with gzip. */
async function untar(bytes: Uint8Array): Promise<ReadonlyMap<string, Uint8Array>> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    const archive = join(folder, "package.tgz");
    await Deno.writeFile(archive, bytes);
    await Deno.mkdir(join(folder, "files"));
    // The files have no mode in the archive, so that root alone could read them.
    const script = 'tar -xzf "$1" -C "$2" && chmod -R u+rwX "$2"';
    const { success, stderr } = await new Deno.Command("sh", {
      args: ["-c", script, "sh", archive, join(folder, "files")],
    }).output();
    if (!success) throw new Error(`Cannot unpack the package: ${new TextDecoder().decode(stderr)}`);
    return await readFiles(join(folder, "files"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
