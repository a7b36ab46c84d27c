/** A test file after Deno loaded it. */
export interface LoadedFile {
  /** Path of the file. */
  readonly file: string;
  /** Why Deno cannot load it; `null` if it can. */
  readonly failure: string | null;
  /** The tests that it declared. */
  readonly tests: readonly LoadedTest[];
}

/** A call of `Deno.test`, or of one of its variants, while a file was loaded. */
export interface LoadedTest {
  /** Its name; that of `Deno.test.each` has its placeholders. */
  readonly name: string;
  /** Line of the call in the file, or of the call of a helper that makes it, from 1; 0 if unknown. */
  readonly line: number;
  /** Number of tests that this call lets run: 0 or 1, or the rows of `Deno.test.each`. */
  readonly runs: number;
  /** Whether it says that none of them runs. */
  readonly isIgnored: boolean;
}

/** How tests are declared. */
type Declare = (...args: readonly unknown[]) => void;

/**
 * Takes the place of `Deno.test` in a process of `deno test`, so that files can be loaded without running their tests.
 * Each file becomes one ignored test, whose name is its {@linkcode LoadedFile} as JSON: the JUnit file of the process is
 * then the list of all tests, and no permission is needed to write it.
 *
 * The module is loaded with the settings of any project, so it must not import anything.
 */
export class TestRecorder {
  readonly #report = Deno.test.ignore;
  #url = "";
  #tests: LoadedTest[] = [];

  constructor() {
    const hooks = Object.fromEntries(Object.keys(Deno.test).map((name) => [name, () => {}]));
    const value = Object.assign(this.#recorderOf({ isIgnored: false }), {
      ...hooks,
      ...this.#variants({ isIgnored: false }),
      only: this.#recorderOf({ isIgnored: false }),
      ignore: this.#recorderOf({ isIgnored: true }),
    });
    Object.defineProperty(Deno, "test", { value });
  }

  /**
   * Load a test file and report its tests.
   *
   * @param file Its path, for the report
   * @param url Its URL, as in the frames of a stack
   * @param load Imports it
   */
  async load(file: string, url: string, load: () => Promise<unknown>): Promise<void> {
    this.#url = url;
    this.#tests = [];
    const failure = await load().then(() => null, (error) => String(error));
    const loaded: LoadedFile = { file, failure, tests: failure === null ? this.#tests : [] };
    this.#report(JSON.stringify(loaded), () => {});
  }

  #recorderOf(options: { readonly isIgnored: boolean }): Declare {
    const declare: Declare = (...args) => this.#add(args, { ...options, line: this.#line(), cases: 1 });
    return Object.assign(declare, this.#variants(options));
  }

  #variants(options: { readonly isIgnored: boolean }): { readonly each: (table: readonly unknown[]) => Declare } {
    return {
      each: (table) => {
        const line = this.#line();
        return (...args) => this.#add(args, { ...options, line, cases: table.length });
      },
    };
  }

  #add(
    args: readonly unknown[],
    call: { readonly isIgnored: boolean; readonly line: number; readonly cases: number },
  ): void {
    const isIgnored = call.isIgnored || args.some((arg) => isOptions(arg) && arg.ignore === true);
    const runs = isIgnored ? 0 : call.cases;
    this.#tests.push({ name: nameOf(args), line: call.line, runs, isIgnored });
  }

  /** Line of the file under way that is being executed. */
  #line(): number {
    const frame = new Error().stack?.split("\n").find((line) => line.includes(`${this.#url}:`)) ?? "";
    return Number(frame.slice(frame.indexOf(this.#url) + this.#url.length).match(/^:(\d+)/)?.[1] ?? 0);
  }
}

interface TestOptions {
  readonly name?: string;
  readonly ignore?: boolean;
  readonly fn?: { readonly name: string };
}

/** The name is the first argument or in the options; otherwise it is that of the function. */
function nameOf(args: readonly unknown[]): string {
  const written = args.find((arg) => typeof arg === "string") ?? args.find(isOptions)?.name;
  const made = args.find((arg) => typeof arg === "function") ?? args.find(isOptions)?.fn;
  return String(written ?? made?.name ?? "");
}

function isOptions(arg: unknown): arg is TestOptions {
  return typeof arg === "object" && arg !== null;
}
