import { type Flag, type FlagsOf, inGroup } from "../../lib/cli/mod.ts";
import { PREFIX_FLAG } from "../_release/release_flags.ts";
import { RELEASES_URL } from "./release_places.ts";

/**
 * Flags of the `self-update` command. The configuration file of a folder, which may have come with a download, must not
 * choose what is installed and started.
 */
export const UPDATE_FLAGS = [
  {
    name: "check",
    setting: "none",
    type: "boolean",
    summary: "Only show whether this installation is to take a newer version",
  },
  {
    name: "now",
    setting: "none",
    type: "boolean",
    summary: "Take the newest version, even if it is not this installation's turn yet",
  },
  {
    name: "version",
    setting: "none",
    type: "string",
    summary: "Take this version, whatever the list of releases says; an older one is a way back",
    placeholder: "TAG",
  },
  { name: "dry-run", setting: "none", type: "boolean", summary: "Verify the release, and show what would be done" },
  {
    ...PREFIX_FLAG,
    summary: "Folder of the installed versions; the one that this program is in by default",
    setting: "none",
  },
  ...inGroup("Network", [
    {
      name: "from",
      type: "string",
      summary: "Address of the releases, for a mirror",
      default: RELEASES_URL,
      env: "CIVITAI_DL_RELEASES",
      placeholder: "URL",
    },
    {
      name: "url",
      type: "string",
      summary: "Address of the list of releases, rollout.json; beside the newest release by default",
      placeholder: "URL",
    },
    {
      name: "redirect-host",
      rare: true,
      type: "string",
      summary: "Another host to which the releases may redirect",
      multiple: true,
      placeholder: "HOST",
    },
    {
      name: "key",
      rare: true,
      setting: "none",
      type: "string",
      summary: "Public key to trust in place of the built-in ones, for a mirror that signs its own builds",
      multiple: true,
      placeholder: "KEY",
    },
  ]),
] as const satisfies readonly Flag[];

/** Values of the flags. */
export type UpdateFlags = FlagsOf<typeof UPDATE_FLAGS>;
