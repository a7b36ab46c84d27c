import { isDenoError, isLoopback } from "../../lib/base/mod.ts";
import type { AppServer } from "../../lib/app/mod.ts";

/** The program that opens an address or a folder as the desktop does, by operating system. */
const OPENERS: Readonly<Partial<Record<typeof Deno.build.os, string>>> = { darwin: "open", windows: "explorer" };
const OTHER_OPENER = "xdg-open";

/** Options of {@linkcode openBrowser}. */
export interface OpenBrowserOptions {
  /** Called if the page cannot be opened. */
  readonly onWarning: (message: string) => void;
  /**
   * Opens an address; returns why it could not.
   *
   * @default {openOnDesktop}
   */
  readonly open?: ((target: string) => Promise<string | null>) | undefined;
}

/** Open the page in the user's browser; without one, say why not. The token is never on a command line. */
export async function openBrowser(
  { hostname, port, url }: Pick<AppServer, "hostname" | "port" | "url">,
  { onWarning, open = openOnDesktop }: OpenBrowserOptions,
): Promise<void> {
  // Nobody can connect to "all addresses".
  const address = isLoopback(hostname) ? url : `http://127.0.0.1:${port}/`;
  const problem = await open(address);
  if (problem !== null) onWarning(`cannot open a browser: ${problem}; open ${address} yourself`);
}

/**
 * Open an address or a folder as the desktop does.
 *
 * @returns Why it cannot be opened; `null` if it was
 */
export async function openOnDesktop(target: string): Promise<string | null> {
  const program = OPENERS[Deno.build.os] ?? OTHER_OPENER;
  try {
    const { success } = await new Deno.Command(program, {
      args: [target],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    // Explorer ends with 1, whatever it did.
    return success || program === "explorer" ? null : `"${program}" failed`;
  } catch (error) {
    if (isDenoError(error, "NotFound")) return `there is no "${program}"`;
    if (isDenoError(error, "NotCapable", "PermissionDenied")) return `"${program}" must not be started`;
    throw error;
  }
}
