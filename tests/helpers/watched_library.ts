import { systemClock } from "../../lib/base/mod.ts";
import type { StatusDocument } from "../../lib/monitor/mod.ts";
import { findingsOf } from "../../lib/status/headline.ts";
import { Format } from "../../lib/status/format.ts";
import { english } from "../../lib/status/english.ts";
import { sayFinding } from "../../lib/status/say_finding.ts";
import { childCommand } from "../../scripts/_frame/child.ts";

/** A library with a real monitor, whose page somebody has open. */
export interface WatchedLibrary extends AsyncDisposable {
  readonly status: () => Promise<StatusDocument>;
  /** The first line of the page. */
  readonly headline: () => Promise<string>;
  readonly metrics: () => Promise<string>;
  /** Wait until something holds, and return the seconds that it took; throws after the limit with the last headline. */
  readonly secondsUntil: (isTrue: () => Promise<boolean>, limitSeconds: number) => Promise<number>;
}

/** Start `monitor` for `library` below a folder, with its logs beside it and the rules that are shipped. */
export async function watchLibrary(
  folder: string,
  options: { readonly interval: string },
): Promise<WatchedLibrary> {
  const words = ["monitor", "--listen", "127.0.0.1:0", "--interval", options.interval, "--library", "library"];
  const child = childCommand(words, { folder, env: {}, origins: ["http://127.0.0.1"] }).spawn();
  child.stdout.cancel();
  const { promise: address, resolve, reject } = Promise.withResolvers<string>();
  const reading = (async () => {
    let said = "";
    for await (const piece of child.stderr.pipeThrough(new TextDecoderStream())) {
      said += piece;
      const found = /page at (\S+)/.exec(said);
      if (found !== null) resolve(found[1]!);
    }
    reject(new Error(`The monitor ended: ${said}`));
  })();
  const url = await address;
  const page = new AbortController();
  const events = await fetch(new URL("events", url), { signal: page.signal });
  const following = events.body!.pipeTo(new WritableStream()).catch(() => {});
  const read = async (path: string): Promise<string> => await (await fetch(new URL(path, url))).text();
  const status = async (): Promise<StatusDocument> => JSON.parse(await read("api/v1/status"));
  const headline = async (): Promise<string> => sayHeadline(await status());
  return {
    status,
    headline,
    metrics: () => read("metrics"),
    async secondsUntil(isTrue, limitSeconds) {
      const start = performance.now();
      while (!await isTrue()) {
        const seconds = (performance.now() - start) / 1000;
        if (seconds > limitSeconds) throw new Error(`Not within ${limitSeconds} s: ${await headline()}`);
        await systemClock.sleep(100);
      }
      return (performance.now() - start) / 1000;
    },
    async [Symbol.asyncDispose]() {
      // It saves nothing that a test needs, and its clients may keep it waiting.
      child.kill("SIGKILL");
      await child.status;
      page.abort();
      await following;
      await reading.catch(() => {});
    },
  };
}

function sayHeadline(status: StatusDocument): string {
  const now = Date.now();
  const view = { status, words: english, now, format: new Format("en") };
  return sayFinding(findingsOf(status, now)[0]!, view).text;
}
