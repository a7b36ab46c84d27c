/** Thrown for text of a user that cannot be read. */
export class TextError extends SyntaxError {
  /** The name that stack traces print. */
  override name = "TextError";
  /** What is wrong with it. */
  readonly state: string;
  /** What to write instead. */
  readonly advice: string;

  /** Create an error whose message has both parts, with a colon between them. */
  constructor(state: string, advice: string) {
    super(`${state}: ${advice}`);
    this.state = state;
    this.advice = advice;
  }
}
