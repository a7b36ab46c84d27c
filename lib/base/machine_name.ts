import { hostname } from "node:os";

/**
 * The name of this machine, for messages that leave it.
 *
 * @returns The name; `this machine` where the permissions do not let it be asked, or it has none
 */
export function machineName(): string {
  if (Deno.permissions.querySync({ name: "sys", kind: "hostname" }).state !== "granted") return UNNAMED;
  const name = hostname();
  return name === "" ? UNNAMED : name;
}

const UNNAMED = "this machine";
