/** A message from the watcher to the process under test; one line of JSON each. */
export type WorkOrder =
  | { readonly type: "work" | "probe"; readonly id: number; readonly body: unknown }
  | { readonly type: "cancel"; readonly id: number };

/** A message from the process under test to the watcher; one line of JSON each. */
export type WorkAnswer =
  | { readonly type: "ready" }
  | { readonly type: "beat"; readonly id: number; readonly state: string | null }
  | { readonly type: "done"; readonly id: number; readonly body: unknown }
  | { readonly type: "failed"; readonly id: number; readonly error: WorkFailure };

/** An error, serialized to be sent to another process. */
export interface WorkFailure {
  readonly name: string;
  readonly message: string;
  readonly failure: string | null;
  /** The stack, if the error is of no known kind and therefore a bug; otherwise empty. */
  readonly details: string;
}

/** Split a stream of UTF-8 text into lines. */
export async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== "") yield rest;
}
