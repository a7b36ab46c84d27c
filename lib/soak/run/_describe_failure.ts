import { createRedactor, messageOf } from "../../base/mod.ts";

/** The folder of the program, which says nothing in a report. */
const ROOT = new URL("../../../", import.meta.url).href;

/**
 * Describe why a job failed: what it was doing, and below that the stack, if the error is a bug. Secrets and the place of
 * the program are left out.
 *
 * @param id Id of the job
 * @param error What it threw; `details` of it is a stack
 * @param state The last state that it reported, which names its file; `undefined` if there is none
 */
export function describeFailure(id: string, error: unknown, state: string | undefined): string {
  const message = messageOf(error);
  const details = error instanceof Error && "details" in error ? String(error.details) : "";
  const place = state === undefined ? "" : `, last at "${state}"`;
  const text = `${id}: ${message}${place}${details === "" ? "" : `\n${details}`}`;
  return createRedactor()(text.replaceAll(ROOT, ""));
}
