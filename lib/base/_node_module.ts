/** The modules of Node's API that this room uses in some functions only. */
interface NodeModules {
  readonly "node:events": typeof import("node:events");
  readonly "node:fs": typeof import("node:fs");
  readonly "node:fs/promises": typeof import("node:fs/promises");
  readonly "node:os": typeof import("node:os");
  readonly "node:path": typeof import("node:path");
  readonly "node:process": typeof import("node:process");
  readonly "node:timers/promises": typeof import("node:timers/promises");
}

/**
 * Load a module of Node's API when a function needs it. Every program imports this room, and an `import` of `node:fs`
 * alone would take as long to start as all that `--help` does.
 */
export function nodeModule<Name extends keyof NodeModules>(name: Name): NodeModules[Name] {
  return globalThis.process.getBuiltinModule(name);
}
