/** Thrown for an answer of the API that cannot be read. */
export class ShapeError extends SyntaxError {
  /** The name that stack traces print. */
  override name = "ShapeError";
  /** What is wrong with it, without what it is. */
  readonly state: string;

  /** Create an error about an entry or an answer, such as `a model`, and what is wrong with it. */
  constructor(what: string, state: string) {
    super(`Cannot read ${what}: ${state}`);
    this.state = state;
  }
}
