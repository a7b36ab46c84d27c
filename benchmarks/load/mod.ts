/**
 * A large library, fetched several times by the real program: the files from nginx, the listings from the sandbox.
 * Available in a checkout only, through `deno task load-test`.
 *
 * @module
 */
export { explainRed, judgeLoad, LOAD_LIMITS } from "./judge_load.ts";
export { loadPage } from "./load_page.ts";
export { describeLoad, type LoadProgress } from "./load_progress.ts";
export { LOAD_SCHEMA, type LoadReport, type LoadRun, type LoadSettings } from "./load_report.ts";
export { measureLoad } from "./measure_load.ts";
