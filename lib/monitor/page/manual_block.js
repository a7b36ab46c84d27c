/**
 * Whether an event of type `outage` is about a host that somebody blocked by opening its breaker, so that nothing is
 * wrong with it. Logs of earlier versions say "by hand".
 */
export function isManualBlock({ reason }) {
  return /^opened (?:manually|by hand)$/.test(reason);
}
