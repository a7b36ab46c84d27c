/** Whether only this machine can reach what listens there. */
export function isLoopbackName(hostname: string): boolean {
  return hostname === "localhost" || hostname === "::1" || /^127(\.\d{1,3}){3}$/.test(hostname);
}
