import { nodeModule } from "./_node_module.ts";

/**
 * Return the name of this machine, for messages that are sent to other machines.
 *
 * @returns The host name; `this machine` if the permission is missing or the name is empty
 */
export function machineName(): string {
  const isPermitted = typeof Deno === "undefined" ||
    Deno.permissions.querySync({ name: "sys", kind: "hostname" }).state === "granted";
  if (!isPermitted) return UNNAMED;
  const name = nodeModule("node:os").hostname();
  return name === "" ? UNNAMED : name;
}

const UNNAMED = "this machine";
