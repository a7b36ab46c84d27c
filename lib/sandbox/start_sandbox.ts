import { systemClock } from "../base/mod.ts";
import { Front } from "./_front.ts";
import { HashIndex } from "./api/render/hash_index.ts";
import { HttpServer } from "./http/http_server.ts";
import { LruMap } from "./_lru_map.ts";
import { ModelOrder } from "./api/query/model_order.ts";
import { RunningSandbox } from "./_running_sandbox.ts";
import { roll } from "./_roll.ts";
import type { World } from "./_world.ts";
import { Catalog } from "./catalog/catalog.ts";
import type { SettledCatalog } from "./catalog/settled_catalog.ts";
import { FileContent } from "./content/file_content.ts";
import { FileHasher } from "./content/file_hasher.ts";
import type { FilePreference } from "./api/render/file_preference.ts";
import { settleCatalog } from "./_settle_catalog.ts";
import type { Sandbox } from "./sandbox.ts";
import { SandboxLog } from "./sandbox_log.ts";
import type { SandboxOptions } from "./sandbox_options.ts";

/** Differs from the default preference, so that a download URL without parameters shows whether the token was sent. */
const ACCOUNT_PREFERENCE: FilePreference = { format: "SafeTensor", size: "full", fp: "fp32", quantType: "Q8_0" };
const DAY_MS = 86_400_000;
/** Number of seeds whose hashes and orders are kept. */
const KEPT_OFFERS = 8;

/** What depends on the seed of the catalog. */
type Offer = Pick<World, "catalog" | "content" | "hasher" | "hashIndex" | "order">;

/**
 * Start a local imitation of Civitai: its API and download route on one port, its storage and images on another.
 *
 * @param options Catalog, ports and behavior
 * @returns The running sandbox
 * @throws {RangeError} If an option is out of its range
 * @throws {KitError} `usage` if it cannot listen on a port
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseToxic, startSandbox } from "@civitai-dl/civitai-dl/sandbox";
 *
 * await using sandbox = await startSandbox({ size: "tiny", toxics: [parseToxic("serverError:503,first=1")] });
 * const url = `${sandbox.apiOrigin}/api/v1/models?limit=1`;
 * const refused = await fetch(url);
 * await refused.body?.cancel();
 * assertEquals(refused.status, 503);
 * const { items } = await (await fetch(url)).json();
 * assertEquals(items.length, 1);
 * ```
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, storagePort = 0, clock = systemClock } = options;
  const { signedUrlTtlMs = DAY_MS, latencyMs = 0, toxics = [] } = options;
  const { downloadQuota = Infinity, maxStorageConnections = Infinity, region = "open", blacklisted = false } = options;
  if (signedUrlTtlMs < 1000) {
    throw new RangeError(`Cannot sign URLs for ${signedUrlTtlMs} ms: their lifetime must be at least 1000 ms`);
  }
  let advancedMs = 0;
  const now = (): number => clock.now() + advancedMs;
  const settled = settleCatalog(options, clock.now());
  const offers = new LruMap<string, Offer>(KEPT_OFFERS);
  const offerOf = (seed: number, fileSizes = settled.fileSizes): Offer =>
    offers.getOrMake(offerKey({ seed, fileSizes }), () => makeOffer({ ...settled, seed, fileSizes }));
  let offer = offerOf(settled.seed);
  const log = new SandboxLog();
  let ownStorage = "";
  let { token = "sandbox-token" } = options;
  const world: World = {
    get catalog() {
      return offer.catalog;
    },
    get content() {
      return offer.content;
    },
    get hasher() {
      return offer.hasher;
    },
    get hashIndex() {
      return offer.hashIndex;
    },
    get order() {
      return offer.order;
    },
    log,
    get token() {
      return token;
    },
    accountPreference: ACCOUNT_PREFERENCE,
    signedUrlTtlMs,
    downloadQuota,
    maxStorageConnections,
    region,
    blacklisted,
    startedMs: clock.now(),
    now,
    secret: `sandbox ${roll(settled.seed, "secret")}`,
    storageOrigin: () => options.storageOrigin ?? ownStorage,
    imageOrigin: () => ownStorage,
  };
  const front = new Front(world, { latencyMs, monotonic: () => clock.monotonic(), onExchange: options.onExchange });
  front.setRules(toxics);
  const start = (host: "api" | "storage", ownPort: number): Promise<HttpServer> =>
    HttpServer.start({
      clock,
      port: ownPort,
      handle: (request) => front.handle(host, request),
      onCrash: (error) => log.addCrash(error),
      onConnection: (openCount) => log.addConnections(host, openCount),
    });
  const storage = await start("storage", storagePort);
  ownStorage = storage.origin;
  try {
    const api = await start("api", port);
    const advance = (ms: number): void => void (advancedMs += ms);
    const setSeed: Sandbox["setSeed"] = (seed, { fileSizes } = {}) => void (offer = offerOf(seed, fileSizes));
    const setToken = (next: string): void => void (token = next);
    const replaceFile = (fileId: number, sizeBytes: number): void => {
      const { catalog, hasher } = offer;
      catalog.replaceFile(fileId, sizeBytes);
      // The old hashes no longer find the file.
      offer = { ...offer, hashIndex: new HashIndex(catalog, hasher) };
      offers.set(offerKey(catalog.settled), offer);
    };
    return new RunningSandbox({ world, front, api, storage, advance, setSeed, setToken, replaceFile });
  } catch (error) {
    await storage.close();
    throw error;
  }
}

function makeOffer(settled: SettledCatalog): Offer {
  const catalog = new Catalog(settled);
  const content = new FileContent(settled.seed);
  const hasher = new FileHasher(content);
  return { catalog, content, hasher, hashIndex: new HashIndex(catalog, hasher), order: new ModelOrder(settled) };
}

/** What distinguishes the offers of a sandbox. */
function offerKey({ seed, fileSizes }: { readonly seed: number; readonly fileSizes: readonly number[] }): string {
  return `${seed} ${fileSizes}`;
}
