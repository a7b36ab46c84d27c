import { createHash } from "node:crypto";
import { KitError } from "../../lib/base/mod.ts";
import type { Sandbox } from "../../lib/sandbox/mod.ts";

/** Below the ports that systems hand out by themselves. */
const FIRST_PORT = 20_000;
const PORTS = 10_000;

/**
 * Start the sandbox of a library. A catalog notes where its pictures are, so a later run must find them at the same
 * port: the library's path tells which. Where another program has it, a free one must do.
 *
 * @param library The library's folder, absolute; without one any port is as good
 * @returns The running sandbox
 */
export async function startLibrarySandbox(library: string | undefined): Promise<Sandbox> {
  const { startSandbox } = await import("../../lib/sandbox/mod.ts");
  if (library === undefined) return await startSandbox({});
  const storagePort = FIRST_PORT + createHash("sha256").update(library).digest().readUInt32BE(0) % PORTS;
  try {
    return await startSandbox({ storagePort });
  } catch (error) {
    if (!(error instanceof KitError)) throw error;
    return await startSandbox({});
  }
}
