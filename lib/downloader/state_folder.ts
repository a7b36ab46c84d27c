export { STATE_FOLDER } from "../library/mod.ts";
