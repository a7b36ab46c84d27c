/** Send a raw head to a port of this machine, and read until the other side closes or resets. */
export async function askRaw(port: number, head: string): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(`${head.trim().replaceAll("\n", "\r\n")}\r\n\r\n`));
  const text = new TextDecoder();
  let answer = "";
  try {
    for await (const bytes of connection.readable) answer += text.decode(bytes, { stream: true });
  } catch (error) {
    // A server that refuses before it has read everything resets the connection; what it sent counts.
    if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
  }
  return answer;
}

/** The status of a raw response. */
export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1]);
}
