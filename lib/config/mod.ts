/**
 * Configuration files: YAML with the position of every value, and errors that name file, line, column and what would be
 * right. `civitai-dl.yml`, `alerts.yml` and `phases.yml` are all read here; what a file means is up to its room.
 *
 * @module
 */
export { checkShape, type ShapeSchema } from "./check_shape.ts";
export { ConfigError, type ConfigMistake } from "./config_error.ts";
export { decodeConfig } from "./decode_config.ts";
export { type MistakeOptions, Mistakes } from "./mistakes.ts";
export { MAX_CONFIG_BYTES, readConfigText, type ReadConfigTextOptions } from "./read_config_text.ts";
export { readYaml, type ReadYamlOptions, type YamlPath, type YamlPlace, type YamlText } from "./read_yaml.ts";
