import process from "node:process";

/** The names that Deno has for operating systems. */
export type OperatingSystem = typeof Deno.build.os;

/**
 * Return the operating system of this machine, also in a runtime without Deno's API.
 *
 * @returns Its name in Deno's spelling, such as `windows`
 */
export function operatingSystem(): OperatingSystem {
  if (typeof Deno !== "undefined") return Deno.build.os;
  return process.platform === "win32" ? "windows" : process.platform as OperatingSystem;
}
