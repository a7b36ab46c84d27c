import { data, Evaluator, Lexer, Parser } from "@actions/expressions";
import { reviver } from "@actions/expressions/data/reviver";

/** What the functions of a condition return: how the jobs before it ended. */
export interface StatusFunctions {
  readonly success: boolean;
  readonly failure: boolean;
  readonly cancelled: boolean;
}

/** Names of the functions that a condition may ask about the jobs before it. */
const STATUS_NAMES = ["success", "failure", "cancelled", "always"] as const;

/**
 * Evaluate an expression as GitHub does, by GitHub's own parser.
 *
 * @param text The expression, without `${{ }}`
 * @param contexts Values of `github`, `needs` and so on
 * @param status What `success()` and the like return
 * @returns Whether the result counts as true
 * @throws {Error} If the expression is not valid, or uses another context
 */
export function evaluateExpression(
  text: string,
  contexts: Readonly<Record<string, unknown>>,
  status: StatusFunctions,
): boolean {
  const result = evaluate(text, contexts, status);
  return !(result.kind === data.Kind.Null || ["", "false", "0", "NaN"].includes(result.coerceString()));
}

/**
 * Replace each `${{ … }}` in a text by its value, as GitHub does before it starts a step.
 *
 * @param text Such as the value of a variable
 * @param contexts Values of `github`, `inputs`, `matrix` and so on
 * @returns The text
 * @throws {Error} If an expression is not valid, or has no value
 */
export function expandText(text: string, contexts: Readonly<Record<string, unknown>>): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/gs, (whole, expression: string) => {
    const value = evaluate(expression.trim(), contexts, { success: true, failure: false, cancelled: false });
    if (value.kind === data.Kind.Null) throw new TypeError(`${whole} has no value`);
    return value.coerceString();
  });
}

function evaluate(
  text: string,
  contexts: Readonly<Record<string, unknown>>,
  status: StatusFunctions,
): data.ExpressionData {
  const functions = STATUS_NAMES.map((name) => ({ name, minArgs: 0, maxArgs: 0 }));
  const { tokens } = new Lexer(text).lex();
  const tree = new Parser(tokens, Object.keys(contexts), functions).parse();
  const calls = new Map(functions.map((one) => [
    one.name as string,
    { ...one, call: () => new data.BooleanData(one.name === "always" || status[one.name]) },
  ]));
  const values = JSON.parse(JSON.stringify(contexts), reviver) as data.Dictionary;
  return new Evaluator(tree, values, calls).evaluate();
}
