import { hasProgram } from "../has_program.ts";
import { BrowserPage, type PageOptions } from "./browser_page.ts";
import { DevTools } from "./_dev_tools.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];
const START_MS = 60_000;

const FLAGS = [
  // CI runs as root, where Chromium's sandbox cannot start; it only opens our own page.
  ...["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--mute-audio"],
  ...["--no-first-run", "--no-default-browser-check", "--disable-extensions", "--disable-sync"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-breakpad", "--hide-scrollbars"],
  // Every other host is unresolvable, so that an external request fails visibly.
  ...["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--remote-debugging-port=0", "about:blank"],
];

/** The flags for a browser with a profile. */
export function browserFlags(profile: string): readonly string[] {
  return [`--user-data-dir=${profile}`, ...FLAGS];
}

/** The name of an installed browser, or `null`. */
export async function findBrowser(): Promise<string | null> {
  for (const name of NAMES) if (await hasProgram(name, "--version")) return name;
  return null;
}

/** A connection to a Chromium process. */
export class Browser implements AsyncDisposable {
  readonly #tools: DevTools;
  readonly #end: () => Promise<void>;

  private constructor(tools: DevTools, end: () => Promise<void>) {
    this.#tools = tools;
    this.#end = end;
  }

  /** Start a process with a temporary profile, which ends with the connection. */
  static async start(name: string): Promise<Browser> {
    const profile = await Deno.makeTempDir({ prefix: "b-" });
    const args = [...browserFlags(profile)];
    const child = new Deno.Command(name, { args, stdin: "null", stdout: "null", stderr: "piped" }).spawn();
    const address = Promise.withResolvers<string>();
    const timer = setTimeout(() => address.reject(new Error(`${name} did not start in ${START_MS} ms`)), START_MS);
    const draining = drain(child.stderr, address);
    try {
      const tools = await DevTools.connect(await address.promise);
      return new Browser(tools, async () => {
        // It may have ended already, and it is killed below in any case.
        await tools.send("Browser.close").catch(() => {});
        await tools.close();
        await end(child, draining, profile);
      });
    } catch (error) {
      await end(child, draining, profile);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Connect to a process that others use too. */
  static async connect(address: string): Promise<Browser> {
    const tools = await DevTools.connect(address);
    return new Browser(tools, () => tools.close());
  }

  /** Open a page with storage of its own, which ends with the connection. */
  openPage(url: string, options: PageOptions = {}): Promise<BrowserPage> {
    return BrowserPage.open(this.#tools, url, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
  }
}

/** Read the address from its output; the rest is drained so that it never blocks. */
async function drain(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  address: PromiseWithResolvers<string>,
): Promise<void> {
  let text = "";
  for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
    text = `${text}${piece}`.slice(-20_000);
    const found = /^DevTools listening on (ws:\S+)\s/m.exec(text)?.[1];
    if (found !== undefined) address.resolve(found);
  }
  address.reject(new Error(`The browser has ended:\n${text.slice(-2000)}`));
}

async function end(child: Deno.ChildProcess, draining: Promise<void>, profile: string): Promise<void> {
  const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
  await child.status;
  clearTimeout(timer);
  await draining;
  // Its child processes may write for a moment after it ends.
  for (let tries = 0; tries < 20; tries++) {
    try {
      return await Deno.remove(profile, { recursive: true });
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
