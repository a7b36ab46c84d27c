import { join } from "node:path";
import type { Plan } from "../../lib/app/plans/plan_shape.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../lib/sandbox/mod.ts";
import { childCommand } from "../../scripts/_frame/child.ts";
import { PLAIN } from "./library/download_bench.ts";
import { inTempDir } from "./temp_dir.ts";

/** An answer of the API. */
export interface ApiAnswer {
  readonly status: number;
  /** The body as it was sent. */
  readonly text: string;
  /** Its JSON; `null` if it has none. */
  // deno-lint-ignore no-explicit-any
  readonly body: any;
}

/** The program `serve`. */
export interface ServedApi {
  readonly url: string;
  /** Ask a route of the API, such as `GET` and `plans/ID`. */
  ask(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<ApiAnswer>;
  /** Wait until a plan is made; the events of the server say so. */
  planned(id: string): Promise<Plan>;
  /** What the program has printed so far. */
  said(): string;
}

/** Options of {@linkcode startServed}. */
export interface StartServedOptions {
  /** The folder that it starts in, with its logs and, in `library`, the library. */
  readonly folder: string;
  /** Origin of the API of Civitai. */
  readonly apiOrigin: string;
  readonly words?: readonly string[] | undefined;
  readonly env: Readonly<Record<string, string>>;
}

/** Start the program `serve` on a free port, as a process with narrow permissions. */
export async function startServed(options: StartServedOptions): Promise<ServedApi & AsyncDisposable> {
  const { folder, apiOrigin, env, words = [] } = options;
  const place = ["--library", join(folder, "library"), "--base-url", apiOrigin, "--reserve", "0"];
  const child = childCommand(["serve", "--listen", "127.0.0.1:0", ...place, ...words], {
    folder,
    env,
    origins: ["http://127.0.0.1"],
  }).spawn();
  const printed = readLines(child);
  const url = await printed.url;
  const ask: ServedApi["ask"] = async (method, path, body, headers = {}) => {
    const sent = method === "GET" ? {} : { body: JSON.stringify(body ?? {}) };
    const type = method === "GET" ? {} : { "content-type": "application/json" };
    const response = await fetch(`${url}api/v1/${path}`, { method, headers: { ...type, ...headers }, ...sent });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") ?? false;
    return { status: response.status, text, body: isJson ? JSON.parse(text) : null };
  };
  return {
    url,
    ask,
    planned: (id) => waitForPlan({ url, ask }, id),
    said: () => printed.text(),
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
      await printed.ended;
    },
  };
}

/** The program `serve`, its library and the sandbox that it fetches from. */
export interface ServedProgram extends ServedApi {
  readonly folder: string;
  /** The library's folder. */
  readonly root: string;
  readonly sandbox: Sandbox;
}

/** Options of {@linkcode withServed}. */
export interface ServedOptions extends Pick<StartServedOptions, "words"> {
  readonly sandbox?: SandboxOptions;
  readonly env?: Readonly<Record<string, string>>;
}

/** Run a story with the real program, which serves an API on a free port. */
export function withServed(options: ServedOptions, story: (served: ServedProgram) => Promise<void>): Promise<void> {
  return inTempDir(async (folder) => {
    await using sandbox = await startSandbox({ ...PLAIN, ...options.sandbox });
    const env = { CIVITAI_API_KEY: sandbox.token, ...options.env };
    await using served = await startServed({ folder, apiOrigin: sandbox.apiOrigin, words: options.words, env });
    await story({ ...served, folder, root: join(folder, "library"), sandbox });
  });
}

/** Follow what a program prints, and find the address of its page in it. */
function readLines(child: Deno.ChildProcess) {
  const { promise: url, resolve, reject } = Promise.withResolvers<string>();
  let text = "";
  const read = async (stream: ReadableStream<Uint8Array>): Promise<void> => {
    for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
      text += piece;
      const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(text);
      if (found !== null && text.includes("page at")) resolve(found[0]);
    }
  };
  const ended = Promise.all([read(child.stdout), read(child.stderr)]).then(() =>
    reject(new Error(`The program has ended: ${text}`))
  );
  return { url, text: () => text, ended };
}

/** Wait for the event that says that a plan is made. Whoever joins late asks for it first. */
async function waitForPlan({ url, ask }: Pick<ServedApi, "url" | "ask">, id: string): Promise<Plan> {
  const response = await fetch(`${url}api/v1/events`);
  let rest = "";
  let plan: Plan = (await ask("GET", `plans/${id}`)).body;
  if (plan.state !== "running") {
    await response.body?.cancel();
    return plan;
  }
  for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
    rest += piece;
    if (!rest.includes(`event: plan\ndata: ${JSON.stringify({ id })}\n\n`)) continue;
    rest = "";
    plan = (await ask("GET", `plans/${id}`)).body;
    if (plan.state !== "running") return plan;
  }
  throw new Error("The events have ended");
}
