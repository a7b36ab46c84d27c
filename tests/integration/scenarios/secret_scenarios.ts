import type { ToxicRule } from "../../../lib/sandbox/mod.ts";
import type { SnoopAnswer } from "./_snoop.ts";
import type { ServedScenario } from "./served_secrets.ts";

/** A run in which secrets could leak. */
export interface SecretScenario {
  readonly name: string;
  /** How the program gets its key. */
  readonly keyIn: "environment" | "tokenFile" | "keyFile" | "argument" | "nowhere";
  /** Killed by SIGKILL in the middle of a file, so that its link stays behind. */
  readonly isKilled?: boolean;
  /** A key that the server does not know. */
  readonly isWrongKey?: boolean;
  readonly words?: readonly string[];
  /** The arguments that name the target; all creators by default. */
  readonly targets?: (place: { readonly versionId: number; readonly key: string }) => string[];
  readonly toxics?: readonly ToxicRule[];
  readonly storage?: SnoopAnswer | "down" | "stranger" | "notPermitted";
  readonly api?: SnoopAnswer;
}

const NO_RETRY = ["--max-retries", "0", "--patience", "1s", "--verbose"];

/** A response that echoes the whole request. */
function echo(status: number): SnoopAnswer {
  return (request) => Response.json(echoed(request), { status });
}

/** The same for the first request, so that its retry is reported. */
function echoOnce(status: number): SnoopAnswer {
  return (request, count) => count === 0 ? Response.json(echoed(request), { status }) : null;
}

function echoed(request: Request): Record<string, string> {
  const key = request.headers.get("authorization") ?? "";
  const said = `${key} was sent to ${request.url}`;
  return { error: said, message: said };
}

function redirectToSigned(request: Request): Response {
  return new Response(null, { status: 302, headers: { location: `${request.url}&again=1` } });
}

function page(request: Request): Response {
  return new Response(`<title>${request.url}</title>`, { headers: { "content-type": "text/html" } });
}

/** Successful and failing runs. */
export const SECRET_SCENARIOS: readonly SecretScenario[] = [
  { name: "verbose", keyIn: "environment", words: ["--verbose"] },
  { name: "events", keyIn: "environment", words: ["--events"] },
  { name: "json", keyIn: "tokenFile", words: ["--json"] },
  { name: "key in api_key.md", keyIn: "keyFile" },
  { name: "key as an argument", keyIn: "argument", words: ["--verbose"] },
  { name: "wrong key", keyIn: "environment", isWrongKey: true, words: ["--verbose"] },
  { name: "wrong key, events", keyIn: "keyFile", isWrongKey: true, words: ["--events"] },
  { name: "dry run", keyIn: "environment", words: ["--dry-run", "--json"] },
  { name: "storage fails", keyIn: "environment", words: NO_RETRY, storage: echo(500) },
  { name: "storage refuses", keyIn: "environment", words: [...NO_RETRY, "--events"], storage: echo(403) },
  { name: "storage redirects", keyIn: "environment", words: [...NO_RETRY, "--json"], storage: redirectToSigned },
  { name: "storage sends pages", keyIn: "environment", words: NO_RETRY, storage: page },
  { name: "storage is down", keyIn: "environment", words: NO_RETRY, storage: "down" },
  { name: "storage is a stranger", keyIn: "environment", words: NO_RETRY, storage: "stranger" },
  { name: "storage is not permitted", keyIn: "environment", words: NO_RETRY, storage: "notPermitted" },
  {
    name: "storage breaks off",
    keyIn: "environment",
    words: [...NO_RETRY, "--events"],
    toxics: [{ type: "reset" }],
  },
  { name: "killed", keyIn: "environment", isKilled: true, toxics: [{ type: "bandwidth", bytesPerSecond: 5000 }] },
  {
    name: "killed without a key",
    keyIn: "nowhere",
    isKilled: true,
    toxics: [{ type: "bandwidth", bytesPerSecond: 5000 }],
  },
  { name: "API echoes a refusal", keyIn: "environment", words: ["--verbose"], api: echo(403) },
  { name: "API echoes a bad request", keyIn: "environment", words: ["--json"], api: echo(400) },
  { name: "API echoes once", keyIn: "environment", words: ["--verbose"], api: echoOnce(500) },
  {
    name: "key in a target",
    keyIn: "environment",
    words: ["--verbose"],
    targets: ({ versionId, key }) => [
      `https://civitai.com/api/download/models/${versionId}?token=${key}`,
      `https://civitai.com/models/99999999?token=${key}`,
    ],
  },
];

/** Servers of the page that plan and fetch. */
export const SERVED_SCENARIOS: readonly ServedScenario[] = [
  { name: "page", keyIn: "environment" },
  { name: "page, key in api_key.md", keyIn: "keyFile" },
  { name: "page, wrong key", keyIn: "tokenFile", isWrongKey: true },
  { name: "page, storage fails", keyIn: "environment", storage: echo(500) },
  {
    name: "page, API echoes",
    keyIn: "environment",
    api: (request, count) => count < 4 ? null : Response.json(echoed(request), { status: 403 }),
  },
];
