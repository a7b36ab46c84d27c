import { cleanLines, cleanText, type Redactor } from "../../base/mod.ts";
import type { StatusServerOptions } from "./status_server.ts";

/** What the server tells. */
type Told = Pick<StatusServerOptions, "status" | "metricsText" | "healthy">;

/**
 * Remove secrets, terminal sequences and invisible characters from all texts that the server shows. Names and messages
 * come from creators, logs and other programs.
 */
export function inertTexts({ status, metricsText, healthy }: Told, redact: Redactor): Told {
  const clean = (text: string): string => redact(cleanText(text));
  return {
    status: () => mapTexts(status(), clean),
    metricsText: () => redact(cleanLines(metricsText())),
    healthy: () => mapTexts(healthy(), clean),
  };
}

/** Change every text of a document; its shape stays. */
function mapTexts<T>(value: T, map: (text: string) => string): T {
  return JSON.parse(JSON.stringify(value), (_, part) => typeof part === "string" ? map(part) : part);
}
