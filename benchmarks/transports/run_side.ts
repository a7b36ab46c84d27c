/**
 * One run of one side, in a process of its own: `run_side.ts SPEC URL BYTES FOLDER AUTHORITY`, the spec as JSON. Prints
 * the sizes and digests of its files as JSON.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { HashPool } from "../../lib/transfer/mod.ts";
import { OPEN_BODY } from "./_open_body.ts";
import type { SideSpec } from "./side_spec.ts";
import { readBody, writeBody } from "./_write_body.ts";

/** The result for one file. */
export interface SideResult {
  readonly bytes: number;
  /** SHA-256 in hexadecimal; `null` if the file was not hashed. */
  readonly sha256: string | null;
}

/** Source and destination of one file. */
interface FileRequest {
  readonly url: string;
  readonly bytes: number;
  readonly path: string;
  readonly authority: string;
}

async function fetchOne(spec: SideSpec, pool: HashPool, request: FileRequest): Promise<SideResult> {
  const { path, bytes } = request;
  using body = await OPEN_BODY[spec.transport](request);
  if (!spec.writes) return { bytes: await readBody(body, spec.bufferBytes), sha256: null };
  if (spec.hash === "thread" || spec.hash === "threads") {
    await Deno.create(path).then((file) => file.close());
    using follower = pool.follow(path, { offset: 0, blocks: [] });
    await writeBody(body, spec, { ...request, onWritten: (written, end) => follower.advance(written, end) });
    return { bytes, sha256: (await follower.finish(bytes)).sha256 };
  }
  const hash = createHash("sha256");
  const onWritten = (written: Uint8Array) => void (spec.hash === "loop" && hash.update(written));
  await writeBody(body, spec, { ...request, onWritten });
  if (spec.hash === "second-pass") {
    using file = await Deno.open(path);
    const buffer = new Uint8Array(spec.bufferBytes);
    for (let count; (count = await file.read(buffer)) !== null;) hash.update(buffer.subarray(0, count));
  }
  const { size } = await Deno.stat(path);
  return { bytes: size, sha256: spec.hash === "none" ? null : hash.digest("hex") };
}

if (import.meta.main) {
  const [specJson, url, bytes, folder, authorityPath] = Deno.args;
  const spec: SideSpec = JSON.parse(specJson!);
  const authority = await Deno.readTextFile(authorityPath!);
  const shared = new HashPool();
  const pools = Array.from({ length: spec.files }, () => spec.hash === "threads" ? new HashPool() : shared);
  const results = await Promise.all(pools.map((pool, index) => {
    const path = join(folder!, `out-${index}.bin`);
    return fetchOne(spec, pool, { url: url!, bytes: Number(bytes), path, authority });
  }));
  for (const pool of pools) pool[Symbol.dispose]();
  await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify(results)}\n`));
}
