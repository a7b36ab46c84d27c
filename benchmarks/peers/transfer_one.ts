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

/** Make the line of a transfer; a version without lines takes the options in its place, the profile among them. */
function makeLine(
  options: transfer.LineOptions & Pick<transfer.TransferRequest, "profile">,
): transfer.Line & Disposable {
  const room: Readonly<Record<string, unknown>> = { ...transfer };
  const make = room.openLine ?? ((all: transfer.LineOptions) => ({ ...all, [Symbol.dispose]() {} }));
  return (make as typeof transfer.openLine)(options);
}

if (import.meta.main) {
  const [url, sha256, path, engine, flush] = Deno.args;
  using transport = makeTransport();
  const profile = transfer.PROFILES[engine as transfer.ProfileName];
  const start = performance.now();
  using line = makeLine({ transport: transport.send, profile, durable: flush === "flush" });
  const { fetchedBytes, resumedBytes, retries } = await transfer.transferFile({
    path: path!,
    identity: { url: url! },
    sha256: sha256!,
    resolve: () => Promise.resolve({ url: url! }),
    profile,
  }, line);
  const seconds = (performance.now() - start) / 1000;
  const output = JSON.stringify({ fetchedBytes, resumedBytes, retries, seconds });
  await Deno.stdout.write(new TextEncoder().encode(`${output}\n`));
}
