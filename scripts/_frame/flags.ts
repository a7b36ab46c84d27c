import { parseDayLimits, parseHostTimeout, parseRateSchedule } from "../../lib/base/mod.ts";
import { IN_API, IN_LIBRARY, IN_LOGS, IN_SANDBOX } from "./command_index.ts";
import { asShared, type Exits, type Flag, type FlagsOf, inGroup } from "../../lib/cli/mod.ts";
import type { FileWord, LevelName, ModelType } from "../../lib/downloader/mod.ts";
import type { LayoutName } from "../../lib/library/mod.ts";
import type { ProfileName } from "../../lib/transfer/mod.ts";

/**
 * List names that a room defines. The compiler checks that none is missing. Importing the room instead would slow down
 * `--help`.
 */
function namesOf<Name extends string>(names: Readonly<Record<Name, true>>): readonly Name[] {
  return Object.keys(names) as Name[];
}

const LAYOUTS = namesOf<LayoutName>({ classic: true, comfyui: true, a1111: true, forge: true, invokeai: true });
const PROFILES = namesOf<ProfileName>({ stable: true, resilient: true, parallel: true, turbo: true });
const LEVELS = namesOf<LevelName>({ "PG": true, "PG-13": true, "R": true, "X": true, "XXX": true });

/** Values of `--files`, in the order of help. */
export const FILE_WORDS = namesOf<FileWord>({
  "primary": true,
  "all": true,
  "model": true,
  "vae": true,
  "config": true,
  "training-data": true,
  "text-encoder": true,
  "vision-encoder": true,
  "clipvision": true,
  "controlnet": true,
  "upscaler": true,
  "enhancement-lora": true,
  "negative": true,
  "workflow": true,
  "archive": true,
  "other": true,
  "pruned-model": true,
  "diffusion-model": true,
  "unet": true,
  "text": true,
});

/** Values of `--type`, in the order of help. */
export const MODEL_TYPES = namesOf<ModelType>({
  Checkpoint: true,
  TextualInversion: true,
  Hypernetwork: true,
  AestheticGradient: true,
  LORA: true,
  LoCon: true,
  DoRA: true,
  Controlnet: true,
  Upscaler: true,
  MotionModule: true,
  VAE: true,
  TextEncoder: true,
  UNet: true,
  CLIPVision: true,
  Poses: true,
  Wildcards: true,
  Workflows: true,
  ComfyWorkflows: true,
  Detection: true,
  VisionLanguage: true,
  CLIP: true,
  LLM: true,
  Other: true,
});

/** Flag that selects types of models. */
export const TYPE_FLAG = {
  name: "type",
  type: "choice",
  summary: "Only these model types, such as LORA",
  choices: MODEL_TYPES,
  multiple: true,
  split: ",",
} as const satisfies Flag;

/** Exit code if the time limit was reached: not 0, because files are missing, and not 1, because nothing failed. */
export const TIME_EXIT: Exits = {
  3: "--max-time has passed or --quota is used up: nothing failed, but the download is incomplete; the same command resumes it",
};

/** Flags that specify targets. */
export const TARGET_FLAGS = inGroup("Targets", [
  {
    name: "user",
    type: "string",
    summary: "All models and images of this creator",
    placeholder: "NAME",
    multiple: true,
  },
  {
    name: "users",
    type: "path",
    summary: "File of creators, one per line; - for standard input",
    placeholder: "FILE",
    multiple: true,
  },
  { name: "model", type: "string", summary: "This model: id or URL", placeholder: "ID", multiple: true },
  {
    name: "models",
    rare: true,
    type: "path",
    summary: "File of models, one per line; - for standard input",
    placeholder: "FILE",
    multiple: true,
  },
  {
    name: "model-version",
    rare: true,
    type: "string",
    summary: "This version: id or URL",
    placeholder: "ID",
    multiple: true,
  },
  {
    name: "hash",
    rare: true,
    type: "string",
    summary: "The file with this hash, of any kind",
    placeholder: "HEX",
    multiple: true,
  },
  { name: "image", rare: true, type: "string", summary: "This image: id or URL", placeholder: "ID", multiple: true },
  {
    name: "post",
    rare: true,
    type: "string",
    summary: "The images of this post: id or URL",
    placeholder: "ID",
    multiple: true,
  },
  {
    name: "from",
    type: "path",
    summary: "File of targets of any kind; - for standard input",
    placeholder: "FILE",
    multiple: true,
  },
]);

/** Flag that limits the number of models of a listing. */
export const LIMIT_FLAG = {
  name: "limit",
  type: "integer",
  summary: "Maximum number of models of a search or a creator",
  min: 1,
  group: "Search",
} as const satisfies Flag;

/** Flags of a search by the API. */
export const SEARCH_FLAGS = inGroup("Search", [
  { name: "query", type: "string", summary: "Models whose text matches", placeholder: "TEXT" },
  { name: "tag", rare: true, type: "string", summary: "Models with exactly this tag", placeholder: "TAG" },
  {
    name: "sort",
    type: "choice",
    summary: "Order of a search or of a creator's models",
    choices: [
      "Highest Rated",
      "Most Downloaded",
      "Most Liked",
      "Most Discussed",
      "Most Collected",
      "Most Images",
      "Newest",
      "Oldest",
    ],
  },
  {
    name: "period",
    rare: true,
    type: "choice",
    summary: "Only models published in this period",
    choices: ["AllTime", "Year", "Month", "Week", "Day"],
  },
  LIMIT_FLAG,
]);

/** Flag that leaves out what is not for everybody. */
export const SFW_FLAG = {
  name: "sfw",
  type: "boolean",
  summary: "Only what is rated PG",
} as const satisfies Flag;

/** Flags that select versions, files and images of the targets. */
export const CHOICE_FLAGS = inGroup("Choice", [
  TYPE_FLAG,
  {
    name: "base-model",
    type: "string",
    summary: "Only these base models, by substring, such as Pony",
    multiple: true,
    split: ",",
  },
  {
    name: "whitelist",
    rare: true,
    type: "path",
    summary: "Only the base models in this file, one per line",
    placeholder: "FILE",
  },
  { name: "latest-only", type: "boolean", summary: "Only the newest version of each model" },
  { name: "since", type: "date", summary: "Only versions published since then" },
  {
    name: "files",
    type: "choice",
    summary: "Files of a version: the primary one, all, or those of a type",
    choices: FILE_WORDS,
    multiple: true,
    split: ",",
    default: ["primary"],
  },
  {
    name: "format",
    rare: true,
    type: "string",
    summary: "Only these file formats, such as SafeTensor",
    multiple: true,
    split: ",",
  },
  {
    name: "fp",
    rare: true,
    type: "string",
    summary: "Only these precisions, such as fp16",
    multiple: true,
    split: ",",
  },
  {
    name: "size",
    rare: true,
    type: "choice",
    summary: "Only full or only pruned files",
    choices: ["full", "pruned"],
    multiple: true,
  },
  {
    name: "exclude",
    rare: true,
    type: "string",
    summary: "Exclude models, versions and files whose name or tag matches",
    placeholder: "GLOB",
    multiple: true,
  },
  SFW_FLAG,
  {
    name: "max-level",
    rare: true,
    type: "choice",
    summary: "Highest maturity rating",
    choices: LEVELS,
  },
  {
    name: "images",
    type: "boolean",
    summary: "Previews, galleries and posted images",
    default: true,
  },
  {
    name: "previews",
    rare: true,
    type: "integer",
    summary: "Preview images per version",
    default: 3,
    min: 0,
    max: 20,
  },
  { name: "gallery", type: "integer", summary: "Community images per version", default: 50, min: 0 },
  {
    name: "gallery-age",
    rare: true,
    type: "duration",
    summary: "Time after which a gallery is listed again; 0s for always",
    default: "7d",
  },
  {
    name: "max-images",
    type: "integer",
    summary: "Posted images per creator",
    default: 1000,
    min: 0,
  },
  { name: "early-access", rare: true, type: "boolean", summary: "Also request early-access files" },
  {
    name: "allow-flagged",
    rare: true,
    type: "boolean",
    summary: "Also fetch files that are flagged as dangerous, into quarantine/",
  },
]);

/** The library's folder, under whatever name a command has it. */
const LIBRARY_FOLDER = {
  setting: "shared",
  key: "output",
  type: "path",
  summary: "The library's folder; else default_output_dir.txt, else ./downloads",
  env: "CIVITAI_DL_OUTPUT",
  carriedTo: IN_LIBRARY,
  placeholder: "FOLDER",
} as const;

/** A command that only looks forgets nothing: the next download would begin a library below a mount point. */
const FORGET_WITH_DOWNLOAD = {
  "--forget-library": "civitai-dl download --forget-library, if the library was deleted or replaced on purpose",
} as const;

/** For somebody who deleted or replaced a library, see `library_memory.ts`; only for commands that fetch or rebuild. */
export const FORGET_FLAGS = inGroup("Library", [{
  name: "forget-library",
  rare: true,
  setting: "none",
  type: "boolean",
  summary: "Forget which library was in the folder, if it was deleted or replaced on purpose",
}]);

/** Flags that specify the library. */
export const LIBRARY_FLAGS = inGroup("Library", [
  {
    ...LIBRARY_FOLDER,
    name: "output",
    short: "o",
    insteadOf: { "--sandbox": "-o sandbox_downloads", ...FORGET_WITH_DOWNLOAD },
  },
  {
    name: "wait",
    rare: true,
    setting: "shared",
    type: "duration",
    summary: "Maximum wait for another run on the library",
    default: "0s",
  },
]);

/** Flag for the folder of logs and metrics. */
export const LOGS_FLAG = {
  name: "logs",
  setting: "shared",
  type: "path",
  summary: "The log folder",
  default: "logs",
  carriedTo: IN_LOGS,
  placeholder: "FOLDER",
} as const satisfies Flag;

/** Flag that specifies the library, for commands whose `--output` would be a report. */
export const LIBRARY_FLAG = {
  ...LIBRARY_FOLDER,
  name: "library",
  insteadOf: {
    "-o": "--library FOLDER to name the library",
    "--sandbox": "--library sandbox_downloads",
    ...FORGET_WITH_DOWNLOAD,
  },
} as const satisfies Flag;

/** Flags that specify library and logs, for commands that observe runs. */
export const OPERATION_FLAGS = inGroup("Library", [LIBRARY_FLAG, LOGS_FLAG]);

/** Flags that determine the paths of new files. */
export const LAYOUT_FLAGS = inGroup("Library", [
  {
    name: "layout",
    setting: "shared",
    type: "choice",
    summary:
      "Folders for new files, as the named program expects them; by default those of the library, classic in a new one",
    choices: LAYOUTS,
  },
  {
    name: "path-template",
    rare: true,
    setting: "shared",
    type: "string",
    summary: "Custom paths, such as {type}/{creator}/{file}",
    placeholder: "TEMPLATE",
  },
]);

/** Flags for the access to Civitai. */
export const CLIENT_FLAGS = inGroup(
  "Network",
  asShared([
    {
      name: "base-url",
      rare: true,
      type: "string",
      summary: "Address of the API; a foreign one gets your key only if it is given on the command line",
      default: "https://civitai.com",
      env: "CIVITAI_DL_BASE_URL",
      carriedTo: IN_API,
    },
    {
      name: "sandbox",
      type: "boolean",
      summary:
        "Use a built-in Civitai with invented models; no network. Its library is ./sandbox_downloads unless you name one",
      carriedTo: IN_SANDBOX,
    },
    {
      name: "token",
      type: "string",
      summary:
        "API key, required for downloads; other users can see it on the command line: prefer CIVITAI_API_KEY or api_key.md",
      env: "CIVITAI_API_KEY",
      placeholder: "KEY",
    },
    { name: "token-file", type: "path", summary: "File that holds the API key, mode 0600", placeholder: "FILE" },
    {
      name: "api-rate",
      rare: true,
      type: "number",
      summary: "Maximum rate of model requests",
      unit: "per second",
      default: 0.5,
      min: 0.01,
    },
    {
      name: "image-rate",
      rare: true,
      type: "number",
      summary: "Maximum rate of image requests",
      unit: "per second",
      default: 2,
      min: 0.01,
    },
    {
      name: "download-rate",
      rare: true,
      type: "number",
      summary: "Maximum rate of requests for download links",
      unit: "per second",
      default: 2,
      min: 0.01,
    },
    {
      name: "timeout",
      rare: true,
      type: "duration",
      summary: "Maximum wait for a response",
      // The timeoutMs of the API's RETRY_POLICY, whose room is not loaded for --help.
      default: "30s",
      min: "1s",
    },
    {
      name: "host-timeout",
      rare: true,
      type: "string",
      summary: "Timeout of one host; STEP is connect, tls, headers or body; tune-timeouts proposes them",
      example: '"b2.civitai.com headers 45s"',
      check: parseHostTimeout,
      placeholder: '"HOST STEP TIME"',
      multiple: true,
    },
    {
      name: "allow-host",
      rare: true,
      type: "string",
      summary: "Additional storage host to trust",
      multiple: true,
      placeholder: "HOST",
    },
  ]),
);

/** Flags of the commands that write the log folder. */
export const RUN_LOGS_FLAGS = inGroup("Library", [{ ...LOGS_FLAG, rare: true }]);

/** Flag that limits what is fetched in 24 hours. */
export const QUOTA_FLAG = {
  name: "quota",
  rare: true,
  setting: "shared",
  type: "string",
  summary: "Maximum links and bytes in any 24 h, such as 1000,200G",
  check: parseDayLimits,
  placeholder: "LIMITS",
} as const satisfies Flag;

/** Flag for the space that downloads leave free. */
export const RESERVE_FLAG = {
  name: "reserve",
  rare: true,
  setting: "shared",
  type: "size",
  summary: "Disk space to keep free",
  default: "1G",
} as const satisfies Flag;

/** The engine of a download without a rollout, unless a setting names another. */
export const DEFAULT_ENGINE: ProfileName = "turbo";

/** Flags of the engine. */
export const ENGINE_FLAGS = inGroup(
  "Engine",
  asShared([
    {
      name: "engine",
      type: "choice",
      summary:
        "Engine profile: one file after another (stable, resilient), several (parallel), or several in segments (turbo)",
      choices: PROFILES,
      default: DEFAULT_ENGINE,
    },
    { name: "force-sync-mode", rare: true, type: "boolean", summary: "The same as --engine stable" },
    {
      name: "max-retries",
      type: "integer",
      summary:
        "Retries after a failed attempt: of a file in each of 3 passes (default 8, or 5 with stable), of an API request (5)",
      min: 0,
      max: 100,
    },
    {
      name: "limit-rate",
      type: "string",
      summary: "Bandwidth per second, such as 20M, or a timetable; 0 is unlimited",
      example: '"08:00-23:00 5M, 0"',
      check: parseRateSchedule,
      placeholder: "RATE",
    },
    {
      name: "max-connections",
      rare: true,
      type: "integer",
      summary: "Maximum connections to one host; at most four, as Civitai asks",
      min: 1,
      max: 4,
      default: 4,
    },
    {
      name: "patience",
      rare: true,
      type: "duration",
      summary:
        "Maximum wait for a host that does not answer; then its items fail or, if nothing else is left, the run pauses",
      default: "5m",
      min: "1s",
    },
    {
      name: "max-time",
      rare: true,
      setting: "own",
      type: "duration",
      summary: "Start no new file when the run has taken this long",
    },
    QUOTA_FLAG,
    {
      name: "fsync",
      rare: true,
      type: "boolean",
      summary: "Flush each file to disk before it gets its name",
      default: true,
    },
    RESERVE_FLAG,
  ]),
);

/** Values of {@linkcode TARGET_FLAGS}. */
export type TargetFlags = FlagsOf<typeof TARGET_FLAGS>;
/** Values of {@linkcode SEARCH_FLAGS}. */
export type SearchFlags = FlagsOf<typeof SEARCH_FLAGS>;
/** Values of {@linkcode CHOICE_FLAGS}. */
export type ChoiceFlags = FlagsOf<typeof CHOICE_FLAGS>;
/** Values of {@linkcode LIBRARY_FLAGS}. */
export type LibraryFlags = FlagsOf<typeof LIBRARY_FLAGS>;
/** Values of {@linkcode OPERATION_FLAGS}. */
export type OperationFlags = FlagsOf<typeof OPERATION_FLAGS>;
/** Values of {@linkcode LAYOUT_FLAGS}. */
export type LayoutFlags = FlagsOf<typeof LAYOUT_FLAGS>;
/** Values of {@linkcode CLIENT_FLAGS}. */
export type ClientFlags = FlagsOf<typeof CLIENT_FLAGS>;
/** Values of {@linkcode RUN_LOGS_FLAGS}. */
export type RunLogsFlags = FlagsOf<typeof RUN_LOGS_FLAGS>;

/** Values of {@linkcode ENGINE_FLAGS}. */
export type EngineFlags = FlagsOf<typeof ENGINE_FLAGS>;
