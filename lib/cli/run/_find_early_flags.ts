/** The global flags that must work even when the command line cannot be parsed. */
export interface EarlyWishes {
  /** Whether `--json` is given. */
  readonly json: boolean;
  /** Whether `--verbose` is given. */
  readonly verbose: boolean;
  /** `true` for `--color`, `false` for `--no-color`, `undefined` for neither; the last one wins. */
  readonly color: boolean | undefined;
}

/** Find the global flags that affect help and error output, without parsing; words after `--` are ignored. */
export function findEarlyFlags(argv: readonly string[]): EarlyWishes {
  const end = argv.indexOf("--");
  const args = end === -1 ? argv : argv.slice(0, end);
  const color = args.findLast((arg) => arg === "--color" || arg === "--no-color");
  return {
    json: args.includes("--json"),
    verbose: args.includes("--verbose"),
    color: color === undefined ? undefined : color === "--color",
  };
}
