import { join } from "node:path";
import * as z from "zod";
import { ensurePrivateFolder, PRIVATE_FILE_MODE, readTextNoFollowSync, writeAtomicSync } from "../../base/mod.ts";
import { parseFields, time } from "./document.ts";

/** A manual change of a failsafe. Absent durations and keys have the defaults of the methods of `Failsafe`. */
export type FailsafeRequest =
  | { readonly type: "hold"; readonly mode: string; readonly forMs?: number | undefined }
  | { readonly type: "release" }
  | { readonly type: "trip"; readonly key: string; readonly forMs?: number | undefined }
  | { readonly type: "reset"; readonly key?: string | undefined };

/** A request in its file. */
export interface FiledRequest {
  readonly path: string;
  readonly request: FailsafeRequest;
  /** When it was made, milliseconds since the epoch. */
  readonly at: number;
}

const forMs = z.int().min(0).optional();
const requestFile = z.object({
  schema: z.literal("civitai-dl/failsafe-request"),
  version: z.literal(1),
  time,
  request: z.discriminatedUnion("type", [
    z.object({ type: z.literal("hold"), mode: z.string(), forMs }),
    z.object({ type: z.literal("release") }),
    z.object({ type: z.literal("trip"), key: z.string(), forMs }),
    z.object({ type: z.literal("reset"), key: z.string().optional() }),
  ]),
});
/** Begins with the time, so that the names are in the order of the requests. */
const NAME = /^\d{15}-[0-9a-f-]{36}\.json$/;

/** Path of the folder of requests in a folder of state. */
function requestFolder(folder: string): string {
  return join(folder, "failsafe-requests");
}

/** Write a request to a file of its own, which is complete or not there. */
export function writeRequest(folder: string, { request, at }: Omit<FiledRequest, "path">): void {
  const requests = requestFolder(folder);
  ensurePrivateFolder(folder);
  ensurePrivateFolder(requests);
  const name = `${String(at).padStart(15, "0")}-${crypto.randomUUID()}.json`;
  const file = z.encode(requestFile, { schema: "civitai-dl/failsafe-request", version: 1, time: at, request });
  writeAtomicSync(join(requests, name), `${JSON.stringify(file)}\n`, { sync: true, mode: PRIVATE_FILE_MODE });
}

/**
 * Read the requests in a folder of state, oldest first.
 *
 * @param folder The folder of state
 * @param onBad Called for each file that is not a request
 * @returns The requests; none if another process has just removed them
 */
export function readRequests(folder: string, onBad: (path: string, error: unknown) => void): readonly FiledRequest[] {
  const requests = requestFolder(folder);
  return listNames(requests).flatMap((name) => {
    const path = join(requests, name);
    try {
      return [{ path, ...parseRequest(readTextNoFollowSync(path)) }];
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) onBad(path, error);
      return [];
    }
  });
}

function listNames(folder: string): readonly string[] {
  try {
    const names = Array.from(Deno.readDirSync(folder), ({ name }) => name);
    return names.filter((name) => NAME.test(name)).toSorted();
  } catch {
    // Usually there is no folder, since nobody has made a request yet.
    return [];
  }
}

function parseRequest(text: string): Omit<FiledRequest, "path"> {
  const { time: at, request } = parseFields(requestFile, JSON.parse(text));
  return { at, request };
}
