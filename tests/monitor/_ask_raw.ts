/** Send these bytes to a port of this machine, and read what comes back until the other side closes. */
export async function askRaw(port: number, head: string): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(`${head.trim().replaceAll("\n", "\r\n")}\r\n\r\n`));
  return await new Response(connection.readable).text();
}

/** The status of a raw answer. */
export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1]);
}
