import process from "node:process";

/** The names that Deno has for operating systems. */
export type OperatingSystem = typeof Deno.build.os;

/**
 * Return the operating system of this machine, also in a runtime without Deno's API.
 *
 * @returns Its name in Deno's spelling, such as `windows`
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { operatingSystem } from "./mod.ts";
 * assertEquals(operatingSystem(), Deno.build.os);
 * ```
 */
export function operatingSystem(): OperatingSystem {
  if (typeof Deno !== "undefined") return Deno.build.os;
  return process.platform === "win32" ? "windows" : process.platform as OperatingSystem;
}
