/** A server that sends zeros as fast as they are read, as a process of its own; prints its port. */
if (import.meta.main) {
  const chunk = new Uint8Array(64 * 1024);
  Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: ({ port }) => void Deno.stdout.writeSync(new TextEncoder().encode(`${port}\n`)),
  }, () => new Response(new ReadableStream({ pull: (controller) => controller.enqueue(chunk) })));
}
