import { cleanText, messageOf, setAsideSync } from "../../base/mod.ts";

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
