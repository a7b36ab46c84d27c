/** Add a user agent to the headers of a request that has none. */
export function withUserAgent(
  headers: Readonly<Record<string, string>>,
  userAgent: string | undefined,
): Readonly<Record<string, string>> {
  const isGiven = Object.keys(headers).some((name) => name.toLowerCase() === "user-agent");
  return userAgent === undefined || isGiven ? headers : { "user-agent": userAgent, ...headers };
}
