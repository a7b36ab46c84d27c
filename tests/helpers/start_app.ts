import type { Entry, QueueDocument } from "../../lib/app/api/shapes/queue.ts";
import type { Sandbox } from "../../lib/sandbox/mod.ts";
import { childCommand } from "../../scripts/_frame/child.ts";
import { becomes } from "./becomes.ts";

/** `serve` as a process of its own. */
export interface RunningApp extends AsyncDisposable {
  readonly pid: number;
  /** Address of its page, with a slash at its end. */
  readonly url: string;
  /** Send a request; a body makes it a POST. */
  ask(path: string, options?: AskOptions): Promise<Response>;
  /** Send a request that succeeds, and return its JSON. */
  json<Value>(path: string, options?: AskOptions): Promise<Value>;
  queue(): Promise<QueueDocument>;
  /** Add an entry for targets. */
  add(targets: readonly string[], more?: object): Promise<Entry>;
  /** Do something to an entry. */
  act(id: number, action: string): Promise<Entry>;
  /** Wait until an entry is as wanted. */
  until(id: number, isWanted: (entry: Entry) => boolean): Promise<Entry>;
  /** End it, and return its exit code. */
  end(signal?: Deno.Signal): Promise<number>;
  /** What it has said on standard error. */
  readonly said: string;
}

/** Options of a request. */
export interface AskOptions {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Options of {@linkcode startApp}. */
export interface StartAppOptions {
  /** Working folder of the process, with the library in `library`. */
  readonly folder: string;
  readonly sandbox: Sandbox;
  readonly words?: readonly string[];
  /**
   * Its API key.
   *
   * @default {that of the sandbox}
   */
  readonly key?: string;
  /**
   * Address and port of the page.
   *
   * @default {"127.0.0.1:0"}
   */
  readonly listen?: string;
}

const PATIENCE_MS = 60_000;

/** The words that let a command work against a sandbox, in a folder. */
export function sandboxWords(sandbox: Sandbox): readonly string[] {
  return ["--base-url", sandbox.apiOrigin, "--no-images", "--reserve", "0"];
}

/** Start `serve` on a library, and wait until it answers. */
export async function startApp(
  { folder, sandbox, words = [], key = sandbox.token, listen = "127.0.0.1:0" }: StartAppOptions,
): Promise<RunningApp> {
  const all = ["serve", "--listen", listen, "--library", "library", ...sandboxWords(sandbox), ...words];
  const env = { CIVITAI_API_KEY: key };
  const child = childCommand(all, { folder, env, origins: ["http://127.0.0.1", `http://${listen}`] }).spawn();
  let said = "";
  const url = Promise.withResolvers<string>();
  const reading = (async () => {
    for await (const piece of child.stderr.pipeThrough(new TextDecoderStream())) {
      said += piece;
      const found = /page at (http:\S+)/.exec(said)?.[1];
      if (found !== undefined) url.resolve(found);
    }
    url.reject(new Error(`The server did not start: ${said}`));
  })();
  url.promise.catch(() => {});
  const drained = Promise.all([reading, child.stdout.pipeTo(new WritableStream())]);
  let code: number | undefined;
  const end = async (signal: Deno.Signal = "SIGTERM"): Promise<number> => {
    if (code !== undefined) return code;
    child.kill(signal);
    ({ code } = await child.status);
    await drained;
    return code;
  };
  const base = await url.promise;
  const ask: RunningApp["ask"] = async (path, { method, body, headers = {} } = {}) => {
    const response = await fetch(new URL(path, base), {
      method: method ?? (body === undefined ? "GET" : "POST"),
      ...body === undefined ? {} : { body: JSON.stringify(body) },
      headers: { ...body === undefined ? {} : { "content-type": "application/json" }, ...headers },
    });
    // Read to its end, also if only its status is of interest.
    const text = await response.text();
    return new Response(text === "" ? null : text, { status: response.status, headers: response.headers });
  };
  const json = async <Value>(path: string, options?: AskOptions): Promise<Value> => {
    const response = await ask(path, options);
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return JSON.parse(text) as Value;
  };
  const queue = () => json<QueueDocument>("api/v1/queue");
  return {
    pid: child.pid,
    url: base,
    ask,
    json,
    queue,
    add: (targets, more = {}) => json("api/v1/queue", { body: { targets, ...more } }),
    act: (id, action) => json(`api/v1/queue/${id}/${action}`, { body: {} }),
    async until(id, isWanted) {
      let last: Entry | undefined;
      const isReached = await becomes(async () => {
        last = (await queue()).entries.find((entry) => entry.id === id);
        return last !== undefined && isWanted(last);
      }, PATIENCE_MS);
      if (!isReached) throw new Error(`The entry did not become as wanted: ${JSON.stringify(last)}\n${said}`);
      return last!;
    },
    end,
    get said() {
      return said;
    },
    [Symbol.asyncDispose]: async () => void await end("SIGKILL"),
  };
}
