/**
 * `@std/cli` on top of the platform, for networks that reach npm only. It has just the functions that the project uses.
 *
 * @module
 */
export { type Args, parseArgs, type ParseOptions } from "./parse_args.ts";
export { promptSecret, type PromptSecretOptions } from "./prompt_secret.ts";
