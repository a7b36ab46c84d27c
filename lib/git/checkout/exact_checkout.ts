/**
 * Settings for a checkout with the bytes of the commit. With the user's `core.autocrlf`, a patch would not fit, and a
 * build would differ from one machine to the next.
 */
export const EXACT_CHECKOUT = ["-c", "core.autocrlf=false", "-c", "core.eol=lf"] as const;
