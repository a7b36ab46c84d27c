import { type FileFact, type Sandbox, type SandboxOptions, startSandbox } from "../../lib/sandbox/mod.ts";

/** A sandbox with one creator, whose listing has a known number of files. */
export interface OwnedSandbox extends AsyncDisposable {
  readonly sandbox: Sandbox;
  /** The files in the listing. */
  readonly facts: readonly FileFact[];
}

/**
 * Start a sandbox in which a creator owns exactly `count` files, one per model. Some models have no owner and are in no
 * listing, so models are added until the count is reached.
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
