import { VERSION } from "../../base/mod.ts";

/** The default User-Agent, for requests to the API and to the storage. */
export const USER_AGENT: string = `Civitai-DL/${VERSION} (+https://github.com/civitai-dl/civitai-dl)`;
