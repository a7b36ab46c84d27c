import { messageOf } from "../message_of.ts";
import { isSystemPathError } from "./is_system_path_error.ts";

/**
 * Describe why a file could not be read.
 *
 * @returns The reason, to follow a colon
 */
export function readReason(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "no such file";
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder";
  if (error instanceof Deno.errors.NotADirectory) return "a part of its path is no folder";
  if (error instanceof Deno.errors.FilesystemLoop) return "it is a link that leads to itself";
  if (isSystemPathError(error)) return "it belongs to the system, and is no plain file";
  if (error instanceof Deno.errors.PermissionDenied) return "you may not read it";
  return messageOf(error);
}
