import { join } from "node:path";
import {
  createReleaseKeyPair,
  describeRelease,
  type InstallForm,
  readSigningKey,
  RELEASE_PROGRAMS,
  type ReleaseKeyPair,
  signChecksums,
  storeVersion,
  switchVersion,
} from "../../../lib/release/mod.ts";
import { CATALOG_VERSION } from "../../../lib/library/mod.ts";
import { formatReleaseList, type StagedRelease } from "../../../lib/rollout/mod.ts";
import { programText, type TaggedProgram } from "../repository/release_repository.ts";
import { sha256 } from "./file_server.ts";

/** What is published as a release. */
export interface PublishedProgram extends TaggedProgram {
  /** Bytes added to the bundle, so that its download takes a while. */
  readonly padding?: number;
  /** The key that signs it; that of the server by default. */
  readonly signer?: ReleaseKeyPair;
}

/** A request that the server got. */
export interface ReleaseRequest {
  readonly path: string;
  readonly range: string | null;
}

/** A real HTTP server with releases as GitHub serves them, made by the project's own tasks, and signed. */
export interface ReleaseServer extends AsyncDisposable {
  /** The value of `--from`. */
  readonly url: string;
  /** The key that signs; it was made for this server. */
  readonly pair: ReleaseKeyPair;
  /** The content of `rollout.json`; `null` for none. */
  releases: readonly StagedRelease[] | null;
  readonly requests: ReleaseRequest[];
  /** Answers in place of the files, by their path such as `/v1.1.0/SHA256SUMS`. */
  readonly answers: Map<string, (request: Request) => Response | Promise<Response>>;
  /** Publish a release. */
  readonly publish: (tag: string, program?: PublishedProgram) => Promise<void>;
  /** Path of a published file. */
  readonly pathOf: (tag: string, name: string) => string;
}

/** Start such a server; its files are in the folder. */
export async function serveReleases(folder: string): Promise<ReleaseServer> {
  const pair = await createReleaseKeyPair("2026-01-01");
  const requests: ReleaseRequest[] = [];
  const answers: ReleaseServer["answers"] = new Map();
  const pathOf = (tag: string, name: string) => join(folder, tag, name);
  const answer = async (request: Request): Promise<Response> => {
    const path = new URL(request.url).pathname.replace(/^\/releases(?:\/download)?/, "");
    requests.push({ path, range: request.headers.get("range") });
    const replaced = answers.get(path);
    if (replaced !== undefined) return await replaced(request);
    if (path === "/latest/download/rollout.json" && state.releases !== null) {
      return new Response(formatReleaseList({ releases: state.releases }));
    }
    const bytes = await Deno.readFile(join(folder, path)).catch(() => null);
    return bytes === null ? new Response("Not Found", { status: 404 }) : serveRange(bytes, request);
  };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, answer);
  const state: ReleaseServer = {
    url: `http://127.0.0.1:${server.addr.port}/releases`,
    pair,
    releases: null,
    requests,
    answers,
    pathOf,
    async publish(tag, { padding = 0, signer = pair, ...program }: PublishedProgram = {}) {
      await Deno.mkdir(join(folder, tag), { recursive: true });
      for (const name of RELEASE_PROGRAMS) await Deno.writeTextFile(pathOf(tag, name), executableText(tag));
      const text = bundleText(tag, program);
      await Deno.writeTextFile(pathOf(tag, "civitai-dl.js"), `${text}//${"x".repeat(padding)}\n`);
      await describeRelease(join(folder, tag), {
        tag,
        commit: commitOf(tag),
        catalogVersion: program.catalog ?? CATALOG_VERSION,
      });
      await sign(join(folder, tag), signer);
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
  return state;
}

/** Sign `SHA256SUMS` of a folder again. */
export async function sign(folder: string, { privateKey }: ReleaseKeyPair): Promise<void> {
  const sums = await Deno.readFile(join(folder, "SHA256SUMS"));
  await Deno.writeTextFile(
    join(folder, "SHA256SUMS.sig"),
    await signChecksums(sums, [await readSigningKey(privateKey)]),
  );
}

/** A version that is installed. */
export interface InstalledProgram extends TaggedProgram {
  /** Form of the program; a bundle by default. */
  readonly form?: InstallForm;
}

/** Install a version as its release would be, and use it. */
export async function installRelease(prefix: string, tag: string, options: InstalledProgram = {}): Promise<void> {
  const { form = "bundle", ...program } = options;
  const text = form === "bundle" ? bundleText(tag, program) : executableText(tag);
  const name = tag.slice(1);
  await storeVersion(prefix, {
    name,
    tag,
    sha: commitOf(tag),
    form,
    sha256: sha256(new TextEncoder().encode(text)),
    patchSha256: null,
    catalogVersion: program.catalog ?? CATALOG_VERSION,
    builtAt: "2026-01-01T00:00:00.000Z",
  }, (path) => Deno.writeTextFile(path, text));
  await switchVersion(prefix, name);
}

/** What stands for an executable: a script of the shell that answers as the bundle does. */
function executableText(tag: string): string {
  return `#!/bin/sh
case "$1" in
  --version) echo "civitai-dl ${tag.slice(1)}" ;;
  --help) echo "  self-test  Prove that it works" ;;
  self-test) echo "self-test of an executable" ;;
esac
`;
}

function bundleText(tag: string, program: TaggedProgram): string {
  return programText({ ...program, says: program.says ?? tag.slice(1) });
}

function commitOf(tag: string): string {
  return sha256(new TextEncoder().encode(tag)).slice(0, 40);
}

/** The validator of a file that the server sends. */
export function etagOf(bytes: Uint8Array): string {
  return `"${sha256(bytes).slice(0, 16)}"`;
}

/** The rest of a file from where a request begins. */
function serveRange(bytes: Uint8Array<ArrayBuffer>, request: Request): Response {
  const headers = { etag: etagOf(bytes), "content-type": "application/octet-stream" };
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.get("range") ?? "")?.[1] ?? 0);
  if (start === 0) return new Response(bytes, { headers });
  const range = `bytes ${start}-${bytes.length - 1}/${bytes.length}`;
  return new Response(bytes.subarray(start), { status: 206, headers: { ...headers, "content-range": range } });
}
