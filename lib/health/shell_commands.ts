import { isLoopback, quoteWord } from "../base/mod.ts";

/** Write a command line that opens a file in an editor. */
export function editFile(path: string): string {
  return `${Deno.build.os === "windows" ? "notepad" : "${EDITOR:-nano}"} ${quoteWord(path)}`;
}

/** Write the address of a host: of this machine without TLS. */
export function originOf(host: string): string {
  return `${isLoopback(new URL(`http://${host}`).hostname) ? "http" : "https"}://${host}`;
}

/** Write a command line that asks a host for its headers. */
export function askHost(host: string): string {
  return `curl -sSI --max-time 10 ${originOf(host)}`;
}
