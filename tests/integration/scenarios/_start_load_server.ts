import type { LoadBehavior, LoadFigures } from "./_load_server.ts";

/** A load server in a process of its own. */
export interface LoadServerHandle extends AsyncDisposable {
  /** Origin of the server. */
  readonly url: string;
  /** Change its behavior and reset its counters. */
  behave(behavior: LoadBehavior): Promise<void>;
  /** Its counters since then. */
  figures(): Promise<LoadFigures>;
}

/** Start `_load_server.ts` as a process, so that the measurement does not share its event loop. */
export async function startLoadServer(): Promise<LoadServerHandle> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-q", "--no-prompt", "--allow-read", "--allow-net=127.0.0.1"],
      `${import.meta.dirname}/_load_server.ts`,
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const { port, controlPort } = JSON.parse(await firstLine(child.stdout));
  const control = `http://127.0.0.1:${controlPort}/`;
  return {
    url: `http://127.0.0.1:${port}/`,
    async behave(behavior) {
      const response = await fetch(control, { method: "POST", body: JSON.stringify(behavior) });
      await response.body?.cancel();
    },
    async figures() {
      return await (await fetch(control)).json();
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
    },
  };
}

async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  for await (const part of stream.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (text.includes("\n")) break;
  }
  return text.slice(0, text.indexOf("\n"));
}
