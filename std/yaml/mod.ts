/**
 * `@std/yaml` on top of `js-yaml`, for networks that reach npm only. It has just the functions that the project uses.
 *
 * @module
 */
export { parse, type ParseOptions } from "./parse.ts";
export { type YamlPosition, YamlSyntaxError } from "./yaml_syntax_error.ts";
