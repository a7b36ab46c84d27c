/**
 * Fetch and verify one URL with the engine, in a process of its own: `transfer_one.ts URL SHA256 PATH ENGINE [flush]`.
 * Prints JSON: the bytes fetched, the bytes resumed, the retries, and the time without the start of the process.
 *
 * @module
 */
import * as transfer from "../../lib/transfer/mod.ts";

/** A transport that sends requests until it is disposed. */
interface OwnedTransport extends Disposable {
  readonly send: transfer.Transport;
}

/** Make the default transport of the room, by the name that it has in the measured version. */
function makeTransport(): OwnedTransport {
  const room: Readonly<Record<string, unknown>> = { ...transfer };
  const make = room.createTransport ?? room.createFetchTransport;
  return (make as () => OwnedTransport)();
}

if (import.meta.main) {
  const [url, sha256, path, engine, flush] = Deno.args;
  using transport = makeTransport();
  const start = performance.now();
  const { fetchedBytes, resumedBytes, retries } = await transfer.transferFile({
    path: path!,
    identity: { url: url! },
    sha256: sha256!,
    resolve: () => Promise.resolve({ url: url! }),
  }, {
    transport: transport.send,
    profile: transfer.PROFILES[engine as transfer.ProfileName],
    durable: flush === "flush",
  });
  const seconds = (performance.now() - start) / 1000;
  const line = JSON.stringify({ fetchedBytes, resumedBytes, retries, seconds });
  await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
}
