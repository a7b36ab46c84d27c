import type { CatalogOptions, CatalogSize, CountRange } from "./catalog/catalog_options.ts";
import type { SettledCatalog } from "./catalog/settled_catalog.ts";
import { PLACED_OUTCOMES, type PlacedOutcome } from "./catalog/outcome.ts";

const SIZES: Readonly<Record<"tiny" | "small" | "large", CatalogSize>> = {
  tiny: { creators: 3, modelsPerCreator: 4 },
  small: { creators: 10, modelsPerCreator: 30 },
  large: { creators: 2000, modelsPerCreator: 50 },
};
const DAY_MS = 86_400_000;

/**
 * Fill in the defaults of options, and check their ranges.
 *
 * @param options The caller's options
 * @param nowMs The current time, in milliseconds since the epoch: early access begins at the start of its day
 * @returns The options with all defaults
 * @throws {RangeError} If a number is out of its range
 */
export function settleCatalog(options: CatalogOptions, nowMs: number): SettledCatalog {
  const { seed = 1, size = "tiny", requireLogin = 0.1, flagged = 0, nastyNames = 0.2 } = options;
  const { creators, modelsPerCreator } = typeof size === "string" ? SIZES[size] : size;
  checkRange("creators", { min: creators, max: creators }, 1, 100_000);
  checkRange("modelsPerCreator", { min: modelsPerCreator, max: modelsPerCreator }, 1, 100_000);
  const models = creators * modelsPerCreator;
  if (models > 100_000) throw new RangeError(`Cannot make ${models} models: at most 100000 are possible`);
  const { versionsPerModel = { min: 1, max: 3 }, filesPerVersion = { min: 1, max: 3 } } = options;
  const { imagesPerVersion = { min: 0, max: 4 }, galleryPerVersion = 8, fileSizes = [] } = options;
  const { fileBytes = { min: 1024, max: models > 1000 ? 65_536 : 2_097_152 } } = options;
  const { contents = null } = options;
  checkRange("versionsPerModel", versionsPerModel, 1, 4);
  checkRange("filesPerVersion", filesPerVersion, 1, 4);
  checkRange("imagesPerVersion", imagesPerVersion, 0, 20);
  checkRange("galleryPerVersion", { min: galleryPerVersion, max: galleryPerVersion }, 0, 200);
  checkRange("fileBytes", fileBytes, 1024, Number.MAX_SAFE_INTEGER);
  if (contents !== null) checkRange("contents", { min: contents, max: contents }, 1, 100_000);
  for (const bytes of fileSizes) {
    checkRange("fileSizes", { min: bytes, max: bytes }, 1024, Number.MAX_SAFE_INTEGER);
  }
  const { outcomes = defaultOutcomes() } = options;
  for (const [name, part] of Object.entries({ requireLogin, flagged, nastyNames, ...outcomes })) checkPart(name, part);
  return {
    seed,
    creators,
    modelsPerCreator,
    models,
    versionsPerModel,
    filesPerVersion,
    imagesPerVersion,
    galleryPerVersion,
    fileBytes,
    fileSizes,
    contents,
    requireLogin,
    outcomes,
    flagged,
    nastyNames,
    todayMs: Math.floor(nowMs / DAY_MS) * DAY_MS,
  };
}

function defaultOutcomes(): Partial<Record<PlacedOutcome, number>> {
  return Object.fromEntries(PLACED_OUTCOMES.filter((name) => name !== "staleHash").map((name) => [name, 0.02]));
}

function checkRange(name: string, range: CountRange, minAllowed: number, maxAllowed: number): void {
  const { min, max } = range;
  if (Number.isInteger(min) && Number.isInteger(max) && minAllowed <= min && min <= max && max <= maxAllowed) return;
  const [shown, wanted] = min === max
    ? [`${min}`, "a whole number"]
    : [`${min} to ${max}`, "a rising range of whole numbers"];
  throw new RangeError(`Cannot use "${name}" of ${shown}: it must be ${wanted} from ${minAllowed} to ${maxAllowed}`);
}

function checkPart(name: string, part: number | undefined): void {
  if (part === undefined || (part >= 0 && part <= 1)) return;
  throw new RangeError(`Cannot use "${name}" of ${part}: it must be between 0 and 1`);
}
