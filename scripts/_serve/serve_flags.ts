import { type Flag, type FlagsOf, inGroup } from "../../lib/cli/mod.ts";
import { TRASH_FLAG } from "../_changes/trash.ts";
import { LANGUAGE_FLAG } from "../_frame/language.ts";
import {
  CHOICE_FLAGS,
  CLIENT_FLAGS,
  ENGINE_FLAGS,
  LAYOUT_FLAGS,
  LIMIT_FLAG,
  OPERATION_FLAGS,
} from "../_frame/flags.ts";

/** Flags that say who may use the page; `serve` and `monitor` have them. */
export const PAGE_FLAGS = inGroup("Page", [
  {
    name: "page-token-file",
    type: "path",
    summary: "File of the page's token, mode 0600; required to listen on an address that others can reach",
    placeholder: "FILE",
  },
  {
    name: "host",
    type: "string",
    summary: "Additional host name of the page; the name of a TLS proxy needs no port",
    multiple: true,
    placeholder: "NAME",
  },
  { name: "read-only", type: "boolean", summary: "Show everything, and refuse what would change anything" },
  {
    name: "blur-from",
    type: "choice",
    summary: "Lowest maturity rating whose pictures are blurred until somebody asks for them",
    choices: ["PG-13", "R", "X", "XXX", "none"],
    default: "R",
  },
]);

/** Values of {@linkcode PAGE_FLAGS}. */
export type PageFlags = FlagsOf<typeof PAGE_FLAGS>;

/** The address if none is given. */
export const DEFAULT_LISTEN = "127.0.0.1:9847";

/** Flags of `serve`: the page, the library, and how what the page queues is fetched. */
export const SERVE_FLAGS = [
  ...inGroup("Page", [
    {
      name: "listen",
      type: "string",
      summary: "Address of the page",
      default: DEFAULT_LISTEN,
      placeholder: "ADDRESS:PORT",
    },
    { name: "open", type: "boolean", summary: "Open the page in the browser" },
  ]),
  ...PAGE_FLAGS,
  LANGUAGE_FLAG,
  ...OPERATION_FLAGS,
  TRASH_FLAG,
  ...CHOICE_FLAGS,
  LIMIT_FLAG,
  ...LAYOUT_FLAGS,
  ...CLIENT_FLAGS,
  ...ENGINE_FLAGS,
] as const satisfies readonly Flag[];

/** Values of {@linkcode SERVE_FLAGS}. */
export type ServeFlags = FlagsOf<typeof SERVE_FLAGS>;
