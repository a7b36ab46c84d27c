/**
 * What a screen reader should announce after an update: alerts that began or ended, and a change of mode. Everything
 * else changes too often to be worth an interruption, and the first document is not news.
 */
export function newsOf(before, after, words) {
  if (before === null) return [];
  const news = [];
  if (before.mode.name !== after.mode.name) {
    news.push(words.newsMode(after.mode.name, words.choose(after.mode.reason, after.mode.ja.reason).text));
  }
  const firing = (status) => new Map(status.alerts.filter(({ state }) => state === "firing").map((a) => [a.rule, a]));
  const old = firing(before);
  const fresh = firing(after);
  for (const [rule, alert] of fresh) {
    if (!old.has(rule)) {
      const { text } = words.choose(alert.summary, alert.ja.summary);
      const severity = words.severity[alert.severity] ?? alert.severity;
      news.push(words.newsAlert({ severity, rule, summary: text }));
    }
  }
  for (const rule of old.keys()) if (!fresh.has(rule)) news.push(words.newsResolved(rule));
  return news;
}
