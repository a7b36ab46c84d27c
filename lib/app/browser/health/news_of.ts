import type { StatusAlert, StatusDocument, StatusWords } from "../../../status/mod.ts";

/**
 * What a screen reader should announce after an update: alerts that began or ended, and a change of mode. Everything
 * else changes too often to be worth an interruption, and the first document is not news.
 */
export function newsOf(before: StatusDocument | null, after: StatusDocument, words: StatusWords): string[] {
  if (before === null) return [];
  const news: string[] = [];
  if (before.mode.name !== after.mode.name) {
    news.push(words.newsMode(after.mode.name, words.choose(after.mode.reason, after.mode.ja.reason).text));
  }
  const old = firing(before);
  const fresh = firing(after);
  for (const [rule, alert] of fresh) {
    if (old.has(rule)) continue;
    const { text } = words.choose(alert.summary, alert.ja.summary);
    news.push(words.newsAlert({ severity: words.severity[alert.severity] ?? alert.severity, rule, summary: text }));
  }
  for (const rule of old.keys()) if (!fresh.has(rule)) news.push(words.newsResolved(rule));
  return news;
}

function firing({ alerts }: StatusDocument): ReadonlyMap<string, StatusAlert> {
  return new Map(alerts.filter(({ state }) => state === "firing").map((alert) => [alert.rule, alert]));
}
