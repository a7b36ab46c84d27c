import { join } from "node:path";
import { Browser, browserFlags } from "./browser.ts";

const START_MS = 120_000;

/**
 * Becomes the browser. Another shell waits for the end of the input, which comes with that of the tests, whatever ends
 * them; then it removes the profile.
 */
const KEEP = `
  profile=$1; shift; exec 3<&0; export TMPDIR="$profile"
  (
    read -r _ <&3
    kill -s KILL $$
    for _ in 1 2 3 4 5 6 7 8; do rm -rf "$profile" && break; sleep 0.1; done
  ) > /dev/null 2>&1 &
  exec "$@" < /dev/null 3<&-
`;

/** A Chromium process for all tests of a file: to start one takes as much as most of them. */
export class SharedBrowser {
  readonly #address: string;

  private constructor(address: string) {
    this.#address = address;
  }

  /** Start it. A test file does so before its first test: a process that a test leaves is an error. */
  static async start(name: string): Promise<SharedBrowser> {
    // Short, because the browser makes a socket in it.
    const profile = await Deno.makeTempDir({ prefix: "b-" });
    const args = ["-c", KEEP, "sh", profile, name, ...browserFlags(profile)];
    new Deno.Command("sh", { args, stdin: "piped", stdout: "null", stderr: "null" }).spawn();
    // The browser writes its port and the path of its address.
    const path = join(profile, "DevToolsActivePort");
    const end = performance.now() + START_MS;
    while (true) {
      const [port, place] = (await Deno.readTextFile(path).catch(() => "")).split("\n");
      if (port !== undefined && place?.startsWith("/")) return new SharedBrowser(`ws://127.0.0.1:${port}${place}`);
      if (performance.now() > end) throw new Error(`${name} did not start in ${START_MS} ms`);
      await new Promise((wake) => setTimeout(wake, 20));
    }
  }

  /** Connect for one test; its pages end with the connection. */
  async connect(): Promise<Browser> {
    return await Browser.connect(this.#address);
  }
}
