import { cleanText, setAsideSync } from "../../base/mod.ts";

/** Rename a file that cannot be parsed, and warn. */
export function setBadFileAside(path: string, error: unknown, onWarning: (message: string) => void): void {
  let end: string;
  try {
    end = `moved to "${setAsideSync(path)}"`;
  } catch (failure) {
    end = messageOf(failure);
  }
  onWarning(`Cannot read "${path}": ${cleanText(messageOf(error))}; ${end}`);
}

/** Return the message of any thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
