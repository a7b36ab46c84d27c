import type { FailureClass } from "./failure.ts";

/**
 * What a failure says about what we depend on.
 *
 * - `hard`: it is not there; a few in a row are enough
 * - `counted`: it did not do its work; a share of those is too much
 * - `answered`: it is well, and said no to one thing
 * - `none`: nothing; the matter is ours, or somebody else's to answer
 */
export type FailureWeight = "hard" | "counted" | "answered" | "none";

/** Options of {@linkcode failureWeight}. */
export interface FailureWeightOptions {
  /**
   * What the call depended on.
   *
   * @default {"host"}
   */
  readonly of?: "host" | "disk";
}

/** 429, 503 with Retry-After and a used-up quota have answers of their own: waiting, a smaller limit, ending. */
const HOST: Readonly<Record<FailureClass, FailureWeight>> = {
  dns: "hard",
  connection: "counted",
  timeout: "counted",
  stall: "counted",
  server: "counted",
  tls: "counted",
  integrity: "counted",
  expired: "answered",
  login: "answered",
  forbidden: "answered",
  gone: "answered",
  "early-access": "answered",
  archived: "answered",
  disabled: "answered",
  region: "answered",
  rejected: "answered",
  pagecap: "answered",
  changed: "answered",
  "refused-host": "none",
  throttled: "none",
  "too-large": "answered",
  flagged: "answered",
  quota: "none",
  disk: "none",
  cancelled: "none",
  unknown: "none",
  unusable: "answered",
  tripped: "none",
};

/**
 * Whether a text names a class of failure.
 *
 * @param text Such as what stands in a file
 * @returns Whether this program knows the class
 */
export function isFailureClass(text: string): text is FailureClass {
  return Object.hasOwn(HOST, text);
}

/**
 * How much a failure counts against what the call depended on.
 *
 * @param failure Its class
 * @param options Of a host, or of the disk, against which only the disk's own failures count
 * @returns The weight; `connection` is `counted`, since the class holds resets as well as refusals: see `outcomeOfError`
 */
export function failureWeight(failure: FailureClass, options: FailureWeightOptions = {}): FailureWeight {
  const { of = "host" } = options;
  if (of === "disk") return failure === "disk" ? "hard" : "none";
  return HOST[failure];
}
