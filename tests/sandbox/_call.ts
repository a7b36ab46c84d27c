import type { Sandbox } from "../../lib/sandbox/mod.ts";

/** An answer with its body read. */
export interface Called {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // deno-lint-ignore no-explicit-any -- bodies are looked into, not typed
  readonly json: any;
}

/** Ask and read. */
export async function call(url: string, init: RequestInit = {}): Promise<Called> {
  const response = await fetch(url, { redirect: "manual", ...init });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  let json = null;
  try {
    json = isJson ? JSON.parse(text) : null;
  } catch {
    // The test looks at the text then.
  }
  return { status: response.status, headers: response.headers, text, json };
}

/** Ask the API. */
export function api(sandbox: Sandbox, path: string, init: RequestInit = {}): Promise<Called> {
  return call(`${sandbox.apiOrigin}/api/v1${path}`, init);
}

/** With the valid token. */
export function signedIn(sandbox: Sandbox): RequestInit {
  return { headers: { authorization: `Bearer ${sandbox.token}` } };
}

/** The signed address of a file. */
export async function resolve(sandbox: Sandbox, fileId: number): Promise<string> {
  const file = sandbox.catalog.file(fileId)!;
  const url = `${sandbox.apiOrigin}/api/download/models/${file.versionId}?fileId=${fileId}`;
  const { status, headers } = await call(url, signedIn(sandbox));
  const location = headers.get("location");
  if (status !== 307 || location === null) throw new Error(`Cannot resolve ${fileId}: status is ${status}`);
  return location;
}

/** Numbers of all items of a listing, page after page. */
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
