import { type FileFact, type Sandbox, type SandboxOptions, startSandbox } from "../../lib/sandbox/mod.ts";

/** A sandbox whose one creator's listing holds a known number of files. */
export interface OwnedSandbox extends AsyncDisposable {
  readonly sandbox: Sandbox;
  /** What the listing holds. */
  readonly facts: readonly FileFact[];
}

/**
 * Start a sandbox with exactly `count` files, one a model, that a creator owns: some models belong to nobody any more
 * and are in no listing, so there are more models than files.
 */
export async function startOwnedSandbox(count: number, options: SandboxOptions): Promise<OwnedSandbox> {
  for (let models = count;;) {
    const sandbox = await startSandbox({
      outcomes: {},
      requireLogin: 0,
      nastyNames: 0,
      imagesPerVersion: { min: 0, max: 0 },
      versionsPerModel: { min: 1, max: 1 },
      filesPerVersion: { min: 1, max: 1 },
      ...options,
      size: { creators: 1, modelsPerCreator: models },
    });
    const facts = [...sandbox.facts()].filter((fact) => fact.creator !== null);
    if (facts.length >= count) return { sandbox, facts, [Symbol.asyncDispose]: () => sandbox.close() };
    await sandbox.close();
    models += count - facts.length;
  }
}
