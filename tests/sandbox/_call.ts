import type { Sandbox } from "../../lib/sandbox/mod.ts";

/** A response with its body read. */
export interface Called {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // deno-lint-ignore no-explicit-any -- bodies are looked into, not typed
  readonly json: any;
}

/** Send a request and read the response. */
export async function call(url: string, init: RequestInit = {}): Promise<Called> {
  const response = await fetch(url, { redirect: "manual", ...init });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  let json = null;
  try {
    json = isJson ? JSON.parse(text) : null;
  } catch {
    // Invalid JSON: the test checks the text.
  }
  return { status: response.status, headers: response.headers, text, json };
}

/** Send a request to the API. */
export function api(sandbox: Sandbox, path: string, init: RequestInit = {}): Promise<Called> {
  return call(`${sandbox.apiOrigin}/api/v1${path}`, init);
}

/** With a valid token. */
export function signedIn(sandbox: Sandbox): RequestInit {
  return { headers: { authorization: `Bearer ${sandbox.token}` } };
}

/** Resolve the signed URL of a file. */
export async function resolve(sandbox: Sandbox, fileId: number): Promise<string> {
  const file = sandbox.catalog.file(fileId)!;
  const url = `${sandbox.apiOrigin}/api/download/models/${file.versionId}?fileId=${fileId}`;
  const { status, headers } = await call(url, signedIn(sandbox));
  const location = headers.get("location");
  if (status !== 307 || location === null) throw new Error(`Cannot resolve ${fileId}: status is ${status}`);
  return location;
}

/** Ids of all items of a listing, page by page. */
export async function walk(sandbox: Sandbox, path: string): Promise<number[]> {
  const ids: number[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < 200; pages++) {
    const { json } = await api(sandbox, cursor === undefined ? path : `${path}&cursor=${encodeURIComponent(cursor)}`);
    ids.push(...json.items.map((item: { id: number }) => item.id));
    cursor = json.metadata.nextCursor;
    if (cursor === undefined) return ids;
  }
  throw new Error("Cannot walk: the listing has no end");
}
