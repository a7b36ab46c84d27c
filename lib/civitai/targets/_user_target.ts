import { isUsername } from "./_is_username.ts";
import type { Target } from "./target.ts";

/**
 * Build the target of a creator.
 *
 * @param username The name
 * @param part `models` or `images` for one of these; empty for both
 * @returns The target; `null` if the name or the part is invalid
 */
export function userTarget(username: string, part: string): Target | null {
  if (!isUsername(username)) return null;
  if (part === "") return { type: "user", username };
  return part === "models" || part === "images" ? { type: "user", username, only: part } : null;
}
