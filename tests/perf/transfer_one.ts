/** Fetch one URL with the engine, verified: `transfer_one.ts URL SHA256 PATH [durable]`. Prints the seconds. */
import { createFetchTransport, transferFile } from "../../lib/transfer/mod.ts";

const [url, sha256, path, durable] = Deno.args;
const started = performance.now();
using transport = createFetchTransport();
await transferFile({
  path: path!,
  identity: { url: url! },
  sha256: sha256!,
  resolve: () => Promise.resolve({ url: url! }),
}, {
  transport: transport.send,
  durable: durable === "durable",
});
const line = JSON.stringify({ seconds: (performance.now() - started) / 1000 });
await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
