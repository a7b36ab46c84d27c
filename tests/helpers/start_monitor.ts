import { join } from "node:path";
import type { StatusDocument } from "../../lib/monitor/mod.ts";
import { childCommand } from "../../scripts/_frame/child.ts";

/** A monitor that runs as a process of its own, and serves its page. */
export interface RunningMonitor extends AsyncDisposable {
  readonly pid: number;
  health(): Promise<{ readonly status: number; readonly reason: string | null }>;
  status(): Promise<StatusDocument>;
  metrics(): Promise<string>;
  /** The notifications in `logs/alerts.jsonl`, each as its state and the name of its rule. */
  notices(): Promise<readonly string[]>;
  /** Ask it to stop; returns its exit code. */
  stop(): Promise<number>;
}

/**
 * Start a monitor, and wait until its page can be reached.
 *
 * @param folder Its working folder, with the logs
 * @param args Its flags besides `--listen`
 * @param env Its variables
 */
export async function startMonitor(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<RunningMonitor> {
  const words = ["monitor", "--listen", "127.0.0.1:0", ...args];
  const child = childCommand(words, { folder, env, origins: ["http://127.0.0.1"] }).spawn();
  const [first, rest] = child.stderr.tee();
  const url = await findUrl(first);
  const drained = Promise.all([rest.pipeTo(new WritableStream()), child.stdout.pipeTo(new WritableStream())]);
  const ask = (path: string): Promise<Response> => fetch(new URL(path, url));
  let code: number | undefined;
  const stop = async (): Promise<number> => {
    if (code !== undefined) return code;
    child.kill("SIGTERM");
    ({ code } = await child.status);
    await drained;
    return code;
  };
  return {
    pid: child.pid,
    stop,
    async health() {
      const response = await ask("healthz");
      return { status: response.status, reason: (await response.json()).reason };
    },
    status: async () => await (await ask("api/v1/status")).json(),
    metrics: async () => await (await ask("metrics")).text(),
    async notices() {
      const text = await Deno.readTextFile(join(folder, "logs", "alerts.jsonl")).catch(() => "");
      return text.split("\n").filter((line) => line !== "").flatMap((line) =>
        JSON.parse(line).alerts.map(({ status, labels }: Notice) => `${status} ${labels.alertname}`)
      );
    },
    [Symbol.asyncDispose]: async () => void await stop(),
  };
}

interface Notice {
  readonly status: string;
  readonly labels: { readonly alertname: string };
}

async function findUrl(stream: ReadableStream<Uint8Array>): Promise<URL> {
  let said = "";
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      said += piece.value;
      const url = /page at (http:\S+)/.exec(said)?.[1];
      if (url !== undefined) return new URL(url);
    }
  } finally {
    await reader.cancel();
  }
  throw new Error(`The monitor did not start: ${said}`);
}
