import type { Flag } from "../../lib/cli/mod.ts";
import { IN_REPOSITORY } from "../_frame/command_index.ts";

/** Flag for the folder of installed versions. */
export const PREFIX_FLAG = {
  name: "prefix",
  type: "path",
  summary: "Folder of the installed versions; ~/.local/share/civitai-dl by default",
  placeholder: "FOLDER",
} as const satisfies Flag;

/** Flag for the repository with the tags. */
export const REPO_FLAG = {
  name: "repo",
  type: "path",
  summary: "Repository with the tags; that of the working folder by default",
  placeholder: "FOLDER",
  carriedTo: IN_REPOSITORY,
} as const satisfies Flag;
