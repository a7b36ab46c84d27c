import { assert, assertRejects } from "@std/assert";
import { join } from "node:path";
import { writePart } from "../../lib/transfer/_part_writer.ts";
import { inTempDir } from "../library/_temp_dir.ts";

/** A body that brings a kilobyte with each read, for ever. */
const ENDLESS = {
  status: 200,
  headers: new Headers(),
  read: (target: Uint8Array) => Promise.resolve(Math.min(1024, target.length)),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

Deno.test("writePart() throws what the file says while the rate is paid, and leaves no promise behind", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "x.part");
    await Deno.writeFile(path, new Uint8Array(1));
    using file = await Deno.open(path, { read: true });
    const stop = new AbortController();
    const paying = new Promise<void>((_, reject) =>
      stop.signal.addEventListener("abort", () => reject(stop.signal.reason))
    );
    let gathered = 0;
    const error = await assertRejects(() =>
      writePart(ENDLESS, file, {
        position: 0,
        end: () => Infinity,
        bufferBytes: 4096,
        gulpBytes: () => Infinity,
        onWritten: () => {},
        // The first write fails while the second buffer is paid for.
        onGathered: () => ++gathered === 1 ? undefined : paying,
      }), Error);
    assert(/os error 9/.test(error.message), error.message);
    // Now whoever pays is told of the end as well, and nobody waits for that any more: unhandled, it would end the test.
    stop.abort(new Error("stopped"));
    await new Promise((resolve) => setTimeout(resolve, 0));
  }));
