/**
 * Configuration files: YAML with the position of every value, and errors that state file, line, column and what to
 * write instead. `civitai-dl.yml`, `alerts.yml`, `phases.yml` and `rollout.yml` are all read here. What a file means is
 * up to the module that uses it.
 *
 * @module
 */
export { checkShape } from "./check_shape.ts";
export { ConfigError, type ConfigMistake } from "./config_error.ts";
export { decodeConfig } from "./decode_config.ts";
export { Mistakes } from "./mistakes.ts";
export { MAX_CONFIG_BYTES, readConfigText } from "./read_config_text.ts";
export { editYamlList } from "./edit_yaml_list.ts";
export { readYaml, type YamlPath, type YamlText } from "./read_yaml.ts";
