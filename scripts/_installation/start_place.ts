import type { ProductionPlace } from "../../lib/installation/mod.ts";

/** Routes of download links and of bytes of files, as the sandbox logs them. */
const FILE_ROUTES = ["/api/download/models/:id", "/model"];

/**
 * Start the sandbox as the place of a production test: one creator, whose files all need the API key.
 *
 * @param sizes Exact sizes in bytes of the first files
 * @returns The place; dispose it to stop it
 */
export async function startPlace(sizes: readonly number[]): Promise<ProductionPlace> {
  const { parseToxic, startSandbox } = await import("../../lib/sandbox/mod.ts");
  const sandbox = await startSandbox({
    size: { creators: 1, modelsPerCreator: Math.max(1, sizes.length) },
    versionsPerModel: { min: 1, max: 1 },
    filesPerVersion: { min: 1, max: 1 },
    outcomes: {},
    requireLogin: 1,
    fileSizes: sizes,
  });
  const [creator] = sandbox.catalog.creators().take(1);
  const files = await Promise.all([...sandbox.facts()].map(async (fact) => ({
    sizeBytes: fact.sizeBytes,
    sha256: (await fact.sha256()).toLowerCase(),
  })));
  return {
    apiOrigin: sandbox.apiOrigin,
    token: sandbox.token,
    creator: creator!.username,
    files,
    get fileRequests() {
      return sandbox.log.requests.filter(({ route }) => FILE_ROUTES.includes(route)).length;
    },
    get fileBytes() {
      return sandbox.log.storageBytes;
    },
    setFaults: (faults) => sandbox.setToxics(faults.map((text) => parseToxic(text))),
    [Symbol.asyncDispose]: () => sandbox.close(),
  };
}
