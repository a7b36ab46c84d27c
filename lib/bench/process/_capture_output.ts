/** The words of a stream, as far as they have come. */
export interface CapturedOutput {
  /** Resolves when the stream has ended or was given up. */
  readonly done: Promise<void>;
  /** Read no further; what has come stays. */
  stop(): Promise<void>;
  /** What has come. */
  text(): string;
}

/** Read a stream until it ends or is given up: a process that was left behind may hold it open for hours. */
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
