import { type ErrorCode, KitError } from "../../base/mod.ts";

/** Why a request is refused: the code of a {@linkcode KitError}, or what only a server says. */
export type ProblemCode = ErrorCode | "not-found" | "forbidden" | "read-only";

/** The status of a response by the code of its problem. */
const STATUS_BY_CODE: Readonly<Record<ProblemCode, number>> = {
  usage: 400,
  forbidden: 403,
  "read-only": 403,
  "not-found": 404,
  unsafe: 409,
  auth: 424,
  failed: 500,
  integrity: 500,
  network: 502,
  inconclusive: 503,
  interrupted: 503,
};

/** Options of {@linkcode RouteError}. */
export interface RouteErrorOptions {
  /** The status of the response, if the code alone does not say it. */
  readonly status?: number | undefined;
  /** What the client can do next, one sentence without a period. */
  readonly hint?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A request that is refused for a reason that only a server has, such as a path that does not exist. */
export class RouteError extends Error {
  override name = "RouteError";
  readonly code: ProblemCode;
  readonly status: number;
  readonly hint: string | null;
  readonly headers: Readonly<Record<string, string>>;

  /** Create an error; its message becomes the `detail` of the response. */
  constructor(code: ProblemCode, message: string, options: RouteErrorOptions = {}) {
    super(message);
    this.code = code;
    this.status = options.status ?? STATUS_BY_CODE[code];
    this.hint = options.hint ?? null;
    this.headers = options.headers ?? {};
  }
}

/** Create the error for what a request names and does not exist. */
export function notFound(message: string, options: Pick<RouteErrorOptions, "hint"> = {}): RouteError {
  return new RouteError("not-found", message, options);
}

/** Whether an error is one that the client is told of. */
export function isExpected(error: unknown): error is RouteError | KitError {
  return error instanceof RouteError || error instanceof KitError;
}

/** Turn anything that was thrown into what the client is told; an unexpected error keeps its message to itself. */
export function toRouteError(error: unknown): RouteError {
  if (error instanceof RouteError) return error;
  if (error instanceof KitError) return new RouteError(error.code, error.message, { hint: error.hint });
  return new RouteError("failed", "Cannot answer the request: an internal error");
}
