/**
 * Fetch one URL with the engine, verified, as a process of its own: `transfer_one.ts URL SHA256 PATH ENGINE [flush]`.
 * Prints what came over the line, what was there before, and how long it took without the start of the process, as JSON.
 *
 * @module
 */
import * as transfer from "../../lib/transfer/mod.ts";

/** Sends requests until it is disposed. */
interface OwnedTransport extends Disposable {
  readonly send: transfer.Transport;
}

/** The transport that the room makes by default. */
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
