/** The part of the text of a stream that was read. */
export interface CapturedOutput {
  /** Resolves when the stream ends or reading is stopped. */
  readonly done: Promise<void>;
  /** Stops reading; the text read so far is kept. */
  stop(): Promise<void>;
  /** Returns the text read so far. */
  text(): string;
}

/** Read a stream until it ends or reading is stopped, because an orphaned process can keep it open for hours. */
export function captureOutput(stream: ReadableStream<Uint8Array>): CapturedOutput {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = "";
  const read = async () => {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      text += decoder.decode(piece.value, { stream: true });
    }
    text += decoder.decode();
  };
  return { done: read(), stop: () => reader.cancel(), text: () => text };
}
