import { nodeModule } from "./_node_module.ts";

/** The names that Deno has for operating systems. */
export type OperatingSystem = typeof Deno.build.os;

/**
 * Return the operating system of this machine, also in a runtime without Deno's API.
 *
 * @returns Its name in Deno's spelling, such as `windows`
 */
export function operatingSystem(): OperatingSystem {
  if (typeof Deno !== "undefined") return Deno.build.os;
  const { platform } = nodeModule("node:process");
  return platform === "win32" ? "windows" : platform as OperatingSystem;
}
