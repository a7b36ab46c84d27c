/** The expected outcome of the download of a file, for a caller with a valid token. */
export type Outcome =
  /** The file is downloaded; `login` requires the token. */
  | "ok"
  | "login"
  /** 403 with a deadline; the file can be downloaded after the deadline. */
  | "earlyAccess"
  /** 410. */
  | "archived"
  /** 404 although the API lists it. */
  | "removed"
  /** 401 with any token. */
  | "downloadsDisabled"
  /** 404; the model is listed without images. */
  | "takenDown"
  /** 403 without a deadline: the file stays paid. */
  | "permanentlyPaid"
  /** 403 even with a valid token. */
  | "noAccess"
  /** 451. */
  | "region"
  /** The file is downloaded, but its published SHA-256 is wrong. */
  | "staleHash";

/** An outcome that the catalog places on a model. */
export type PlacedOutcome = Exclude<Outcome, "ok" | "login">;

/** All placed outcomes, in the order in which a small catalog gets them. */
export const PLACED_OUTCOMES: readonly PlacedOutcome[] = [
  "earlyAccess",
  "archived",
  "removed",
  "downloadsDisabled",
  "takenDown",
  "permanentlyPaid",
  "noAccess",
  "region",
  "staleHash",
];
