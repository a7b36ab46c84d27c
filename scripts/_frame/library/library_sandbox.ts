import { createHash } from "node:crypto";
import { KitError } from "../../../lib/base/mod.ts";
import type { Sandbox } from "../../../lib/sandbox/mod.ts";

/** First port of the range, which is below the ephemeral ports of common systems. */
const FIRST_PORT = 20_000;
const PORTS = 10_000;

/**
 * Start the sandbox of a library. The catalog stores the URLs of pictures, so a later run needs the same storage port,
 * which is derived from the library's path. If another program uses that port, a free one is taken.
 *
 * @param library The library's folder, absolute; `undefined` for any free port
 */
export async function startLibrarySandbox(library: string | undefined): Promise<Sandbox> {
  const { startSandbox } = await import("../../../lib/sandbox/mod.ts");
  if (library === undefined) return await startSandbox({});
  const storagePort = FIRST_PORT + createHash("sha256").update(library).digest().readUInt32BE(0) % PORTS;
  try {
    return await startSandbox({ storagePort });
  } catch (error) {
    if (!(error instanceof KitError)) throw error;
    return await startSandbox({});
  }
}
