import { VERSION } from "../../base/mod.ts";

/** What we call ourselves, to the API and to the storage alike. */
export const USER_AGENT: string = `Civitai-DL/${VERSION} (+https://github.com/civitai-dl/civitai-dl)`;
