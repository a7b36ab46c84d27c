/** What the watcher writes to the process under test, one a line. */
export type WorkOrder =
  | { readonly type: "work" | "probe"; readonly id: number; readonly body: unknown }
  | { readonly type: "cancel"; readonly id: number };

/** What the process under test answers, one a line. */
export type WorkAnswer =
  | { readonly type: "ready" }
  | { readonly type: "beat"; readonly id: number; readonly state: string | null }
  | { readonly type: "done"; readonly id: number; readonly body: unknown }
  | { readonly type: "failed"; readonly id: number; readonly error: WorkFailure };

/** An error that crossed from one process to another. */
export interface WorkFailure {
  readonly name: string;
  readonly message: string;
  readonly failure: string | null;
}

/** The lines of a stream, as they come. */
export async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== "") yield rest;
}
