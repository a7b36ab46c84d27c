import { assertEquals } from "@std/assert";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../lib/sandbox/mod.ts";
import type { PageOptions } from "./browser/browser_page.ts";
import { Person } from "./browser/person.ts";
import type { SharedBrowser } from "./browser/shared_browser.ts";
import { PLAIN } from "./library/download_bench.ts";
import { type RunningApp, startApp, type StartAppOptions } from "./start_app.ts";
import { inTempDir } from "./temp_dir.ts";

/** The program, which serves its page, and who uses it. */
export interface PageStory {
  readonly folder: string;
  readonly sandbox: Sandbox;
  readonly app: RunningApp;
  /** Open the page in a tab of its own, at a view such as `queue`. */
  open(view?: string, options?: PageOptions): Promise<Person>;
  /** Open an address in a tab of its own. */
  openAt(url: string, options?: PageOptions): Promise<Person>;
  /** Expect troubles that the story causes; any other one fails it. */
  expect(trouble: RegExp): void;
}

/** Options of {@linkcode withPage}. */
export interface PageStoryOptions extends Pick<StartAppOptions, "words" | "listen"> {
  readonly browser: SharedBrowser | null;
  readonly sandbox?: SandboxOptions;
  /** What happens before the program starts. */
  readonly before?: (place: Pick<PageStory, "folder" | "sandbox">) => Promise<void>;
}

/** Run a story with the real program, a sandbox and a browser. No page may have any trouble that is not expected. */
export function withPage(options: PageStoryOptions, story: (page: PageStory) => Promise<void>): Promise<void> {
  return inTempDir(async (folder) => {
    const { browser: shared, sandbox: changes, before, ...start } = options;
    await using sandbox = await startSandbox({ ...PLAIN, ...changes });
    await before?.({ folder, sandbox });
    await using app = await startApp({ folder, sandbox, ...start });
    await using browser = await shared!.connect();
    const people: Person[] = [];
    const expected: RegExp[] = [];
    const openAt: PageStory["openAt"] = async (url, size) => {
      const person = new Person(await browser.openPage(url, size));
      people.push(person);
      return person;
    };
    const open: PageStory["open"] = (view = "", size) => openAt(`${app.url}#/${view}`, size);
    await story({ folder, sandbox, app, open, openAt, expect: (trouble) => void expected.push(trouble) });
    const troubles = people.flatMap(({ page }) => page.troubles);
    assertEquals(troubles.filter((trouble) => !expected.some((one) => one.test(trouble))), []);
  });
}
