import { cleanLines, cleanText, type Redactor } from "../../base/mod.ts";
import type { StatusServerOptions } from "./status_server.ts";

/** The sources of what the server publishes. */
type StatusSources = Pick<StatusServerOptions, "status" | "metricsText" | "health">;

/**
 * Remove secrets, terminal sequences and invisible characters from all text that the server publishes. Names and
 * messages come from creators, logs and other programs.
 */
export function cleanSources({ status, metricsText, health }: StatusSources, redact: Redactor): StatusSources {
  const clean = (text: string): string => redact(cleanText(text));
  return {
    status: () => mapTexts(status(), clean),
    metricsText: () => redact(cleanLines(metricsText())),
    health: () => mapTexts(health(), clean),
  };
}

/** Map every string of a document; its structure stays the same. */
function mapTexts<T>(value: T, map: (text: string) => string): T {
  return JSON.parse(JSON.stringify(value), (_, part) => typeof part === "string" ? map(part) : part);
}
