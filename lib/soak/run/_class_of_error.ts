/** Determine the class under which an error is counted: its `failure` property if it has one, otherwise its name. */
export function classOfError(error: unknown): { readonly name: string; readonly isTimeout: boolean } {
  if (!(error instanceof Error)) return { name: "unknown", isTimeout: false };
  const failure = "failure" in error && typeof error.failure === "string" ? error.failure : null;
  const name = failure ?? error.name;
  return { name, isTimeout: failure === "timeout" || failure === "stall" || error.name === "TimeoutError" };
}
