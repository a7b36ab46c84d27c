import { nodeModule } from "./_node_module.ts";

/** Reads an environment variable; an empty one counts as unset. */
export type Env = (name: string) => string | undefined;

/** Read each variable only once: the environment of a process rarely changes, and reading it asks for a permission. */
export function rememberEnv(env: Env): Env {
  const known = new Map<string, string | undefined>();
  return (name) => {
    if (!known.has(name)) known.set(name, env(name));
    return known.get(name);
  };
}

/**
 * Read a variable of the process's environment. A variable that the permission set does not include counts as unset;
 * this is not an error, and on a terminal the runtime does not ask for it either.
 *
 * @returns Its value, or `undefined` if it is unset, empty or not permitted
 */
export function systemEnv(name: string): string | undefined {
  if (typeof Deno === "undefined") return nodeModule("node:process").env[name] || undefined;
  if (Deno.permissions.querySync({ name: "env", variable: name }).state !== "granted") return undefined;
  return Deno.env.get(name) || undefined;
}
