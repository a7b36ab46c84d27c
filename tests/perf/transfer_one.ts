/**
 * Fetch one URL with the engine, verified: `transfer_one.ts URL SHA256 PATH [durable] [socket|fetch] [read]`. Prints the
 * seconds. `read` only reads the body and writes nothing. Certificates: DENO_CERT.
 */
import { createFetchTransport, createSocketTransport, transferFile, type Transport } from "../../lib/transfer/mod.ts";

const [url, sha256, path, ...words] = Deno.args;
const started = performance.now();
using transport = words.includes("fetch") ? createFetchTransport() : createSocketTransport();
if (words.includes("read")) await readOnly(transport.send);
else {
  await transferFile({
    path: path!,
    identity: { url: url! },
    sha256: sha256!,
    resolve: () => Promise.resolve({ url: url! }),
  }, {
    transport: transport.send,
    durable: words.includes("durable"),
  });
}
const line = JSON.stringify({ seconds: (performance.now() - started) / 1000 });
await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));

async function readOnly(send: Transport): Promise<void> {
  await using answer = await send(url!, { headers: {}, signal: new AbortController().signal });
  const target = new Uint8Array(1 << 20);
  while (await answer.read(target) !== null);
}
