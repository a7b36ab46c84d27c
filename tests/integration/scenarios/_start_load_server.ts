import type { LoadBehaviour, LoadFigures } from "./_load_server.ts";

/** A load server that runs as a process. */
export interface LoadServerHandle extends AsyncDisposable {
  /** Where it serves. */
  readonly url: string;
  /** Change its behaviour, and count from 0. */
  behave(behaviour: LoadBehaviour): Promise<void>;
  /** What it saw since then. */
  figures(): Promise<LoadFigures>;
}

/** Start the server of `_load_server.ts`, so that whoever measures shares no event loop with it. */
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
    async behave(behaviour) {
      const response = await fetch(control, { method: "POST", body: JSON.stringify(behaviour) });
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
