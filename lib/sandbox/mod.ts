/**
 * A local imitation of Civitai on loopback: a catalog of any size that is generated on demand, the API with its quirks,
 * the download route, storage with expiring signatures, and faults on demand. Trial runs, tests and benchmarks use it
 * instead of the live service.
 *
 * Runs in Deno, in Node 22 and later, and in Bun, except for `exportFiles`, which needs Deno.
 *
 * @module
 */
export { Catalog } from "./catalog/catalog.ts";
export type {
  CatalogCreator,
  CatalogFile,
  CatalogImage,
  CatalogModel,
  CatalogStats,
  CatalogVersion,
} from "./catalog/catalog_model.ts";
export type { CatalogOptions, CatalogSize, CountRange } from "./catalog/catalog_options.ts";
export type { SettledCatalog } from "./catalog/settled_catalog.ts";
export { Gallery } from "./catalog/gallery.ts";
export type { Outcome, PlacedOutcome } from "./catalog/outcome.ts";
export { parseToxic } from "./faults/parse_toxic.ts";
export type { FileFact, Sandbox } from "./sandbox.ts";
export type { SandboxExchange } from "./sandbox_exchange.ts";
export { type LoggedRequest, SandboxLog, type Violation } from "./sandbox_log.ts";
export type { SandboxOptions } from "./sandbox_options.ts";
export { startSandbox } from "./start_sandbox.ts";
export {
  type BandwidthToxic,
  type CutToxic,
  type DelayToxic,
  type PlainToxic,
  type ServerErrorToxic,
  type SlowBodyToxic,
  type ThrottleToxic,
  type ToxicRoute,
  type ToxicRule,
  type ToxicScope,
  type TrickleToxic,
  type WrongRangeToxic,
} from "./faults/toxic_rule.ts";
