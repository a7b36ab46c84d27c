/** One server-sent event. */
export interface SentEvent {
  readonly event: string;
  readonly data: string;
  readonly id: string | null;
  readonly retry: string | null;
  readonly comments: readonly string[];
}

/** Read a stream of events one by one; leaving the loop early closes the connection. */
export async function* readEvents(response: Response): AsyncGenerator<SentEvent> {
  let rest = "";
  for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + text).split("\n\n");
    rest = blocks.pop()!;
    for (const block of blocks) {
      const lines = block.split("\n");
      const field = (name: string): string | null =>
        lines.find((line) => line.startsWith(`${name}:`))?.slice(name.length + 1).trimStart() ?? null;
      yield {
        event: field("event") ?? "message",
        data: field("data") ?? "",
        id: field("id"),
        retry: field("retry"),
        comments: lines.filter((line) => line.startsWith(":")),
      };
    }
  }
}

/** Return the next event; fails at the end of the stream. */
export async function nextEvent(events: AsyncGenerator<SentEvent>): Promise<SentEvent> {
  const { value, done } = await events.next();
  if (done) throw new Error("The stream has ended");
  return value;
}
