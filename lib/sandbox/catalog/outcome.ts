/** How the download of a file is meant to end, for a caller with a valid token. */
export type Outcome =
  /** It is downloaded; `login` needs the token. */
  | "ok"
  | "login"
  /** 403 with a deadline; ends when the clock passes it. */
  | "earlyAccess"
  /** 410. */
  | "archived"
  /** 404 although the API lists it. */
  | "removed"
  /** 401 whatever the token. */
  | "downloadsDisabled"
  /** 404; the model is listed without images. */
  | "takenDown"
  /** 403 with a deadline that never comes. */
  | "permanentlyPaid"
  /** 403 although signed in. */
  | "noAccess"
  /** 451. */
  | "region"
  /** It is downloaded, but the published SHA-256 is another file's. */
  | "staleHash";

/** An outcome that a model is given on purpose. */
export type PlacedOutcome = Exclude<Outcome, "ok" | "login">;

/** All of them, in the order in which a small catalog gets them. */
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
