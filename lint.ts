import { posix } from "node:path";

/** The rooms of lib/, each with the rooms that it may import. Every room must be listed, also in docs/ARCHITECTURE.md. */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  base: [],
  stats: [],
  config: ["base"],
  journal: ["base"],
  cli: ["base"],
  judge: ["base", "stats"],
  report: ["base", "stats", "judge"],
  failsafe: ["base", "journal"],
  problems: ["base", "failsafe"],
  metrics: ["base", "stats", "journal"],
  library: ["base", "journal"],
  git: ["base"],
  installation: ["base", "git"],
  release: ["base", "config", "git", "installation"],
  gate: ["base", "config", "judge"],
  rollout: ["base", "stats", "config", "journal"],
  bench: ["base", "stats", "judge", "git", "report"],
  civitai: ["base", "failsafe"],
  transfer: ["base", "failsafe"],
  alerts: ["base", "config", "journal", "failsafe", "metrics"],
  soak: ["base", "stats", "judge", "metrics"],
  profiling: ["base", "soak"],
  downloader: ["base", "journal", "civitai", "transfer", "library", "failsafe", "metrics", "problems", "rollout"],
  status: ["base", "library", "problems", "alerts"],
  monitor: ["base", "journal", "failsafe", "metrics", "library", "problems", "alerts", "status"],
  app: [
    "base",
    "civitai",
    "downloader",
    "failsafe",
    "journal",
    "library",
    "metrics",
    "monitor",
    "problems",
    "status",
    "transfer",
  ],
  diagnosis: ["base", "stats", "journal", "failsafe", "metrics", "problems"],
  health: [
    "base",
    "alerts",
    "civitai",
    "diagnosis",
    "downloader",
    "failsafe",
    "journal",
    "library",
    "metrics",
    "monitor",
    "problems",
    "rollout",
    "transfer",
  ],
  sandbox: ["base"],
  comparison: ["library", "sandbox"],
  stability: [
    "base",
    "stats",
    "judge",
    "report",
    "soak",
    "failsafe",
    "library",
    "transfer",
    "downloader",
    "sandbox",
    "comparison",
  ],
};

/**
 * The sub-folders of rooms, and of their sub-folders, each after those that it may import. A folder and the folders in it
 * may import each other: the top of a room has what its folders share, and what puts them together.
 */
export const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  app: ["http", "view", "pictures", "queue", "plans", "api", "page", "browser"],
  "app/browser": ["styles", "messages", "frame", "pictures", "health", "library", "model", "queue", "add", "updates"],
  alerts: ["receivers", "states", "rules", "delivery", "config"],
  base: ["evidence", "files", "redaction", "units"],
  bench: ["compare", "process", "document", "commits", "phase", "page"],
  civitai: ["shapes", "requests", "listings", "targets", "client"],
  cli: ["terminal", "command", "errors", "help", "run"],
  downloader: [
    "arms",
    "hosts",
    "plan",
    "models",
    "quota",
    "sidecars",
    "verify",
    "forget",
    "rebuild",
    "watch",
    "fetch",
    "repair",
    "result",
    "run",
  ],
  "downloader/plan": ["choose", "report", "requests"],
  failsafe: ["failure", "retry", "limit", "state", "breaker", "ladder", "timeouts"],
  gate: ["config", "evidence", "conditions"],
  git: ["checkout", "worktrees", "refs", "operation"],
  health: ["bundle", "checks"],
  installation: ["versions", "install", "production", "rollback"],
  library: [
    "identity",
    "html",
    "naming",
    "pictures",
    "content",
    "pickles",
    "runs",
    "scan",
    "sidecars",
    "catalog",
    "changes",
  ],
  metrics: ["instruments", "window", "journal"],
  monitor: ["library", "status", "log", "alerts"],
  problems: ["lines", "runbook"],
  release: ["notes", "strategy", "stages"],
  rollout: ["buckets", "stage", "config", "state"],
  sandbox: ["catalog", "content", "faults", "http", "api", "storage"],
  "sandbox/api": ["render", "query", "routes"],
  soak: ["facts", "judges", "records", "rounds", "run"],
  stability: ["facts", "report", "work", "concurrency", "pairs"],
  stats: ["paired", "sequential"],
  transfer: ["http", "part", "rate", "segments"],
};

/**
 * Rooms that programs in Node 22 import: the exports `./alerts`, `./bench`, `./failsafe`, `./gate` and `./sandbox`, and
 * the rooms below them.
 */
export const NODE_ROOMS: ReadonlySet<string> = new Set([
  "alerts",
  "base",
  "bench",
  "config",
  "failsafe",
  "gate",
  "git",
  "journal",
  "judge",
  "metrics",
  "report",
  "sandbox",
  "stats",
]);

/** A file's top folder and its room or package, both empty for a file in the root, and its path from the root. */
interface Place {
  readonly top: string;
  readonly room: string;
  readonly path: string;
}

/** Split a path that is relative to the root. */
function placeOf(path: string): Place {
  const [top, room] = path.split("/");
  const nested = path.includes("/");
  return { top: nested ? top! : "", room: nested ? room! : "", path };
}

/** Locate the file that is being linted; `undefined` if it is outside the repository. */
function currentPlace(filename: string): Place | undefined {
  const root = `${import.meta.dirname}/`.replaceAll("\\", "/");
  const path = filename.replaceAll("\\", "/");
  if (path.startsWith(root)) return placeOf(path.slice(root.length));
  return posix.isAbsolute(path) || /^[a-z]:/i.test(path) ? undefined : placeOf(posix.normalize(path));
}

/** Return why a file must not import `source`; `undefined` if it may. */
function layerProblem(from: Place, source: string): string | undefined {
  const allowed = from.top === "lib" ? ROOMS[from.room] : undefined;
  if (from.top === "lib" && allowed === undefined) return `Room "${from.room}" is not in the table of lint.ts`;
  if (!source.startsWith(".")) return packageProblem(from, source);
  const to = placeOf(posix.join(posix.dirname(from.path), source));
  if (from.top === "tests" || to.path.startsWith("../")) return undefined;
  if (to.top === "tests") return "Only tests may import tests";
  if (from.top === "std") return to.top === "std" ? undefined : "std/ may import nothing of the project";
  if (to.top === "std") return `Import "@std/${to.room}" by its name`;
  // Modules that scripts share are in files and folders whose names begin with "_". Two of them register the commands.
  const isRegister = /^scripts\/_(?:checkout_)?commands\.ts$/.test(from.path);
  if (from.top === "scripts" && to.top === "scripts" && !to.path.startsWith("scripts/_") && !isRegister) {
    return "A script may not import a script";
  }
  const isOutside = !["lib", "", from.top].includes(to.top);
  if ((from.top === "benchmarks" || from.top === "checks") && isOutside) return `${from.top}/ may import rooms only`;
  if (to.top === "checks" && from.top !== "checks" && to.path !== "checks/mod.ts") {
    return "Import the checks through checks/mod.ts";
  }
  if (from.top !== "lib" || to.path.startsWith(`lib/${from.room}/`)) return undefined;
  // deno.json is the only place that holds the version.
  if (from.path === "lib/base/version.ts" && to.path === "deno.json") return undefined;
  // The program shows the pages of the runbook.
  if (/^lib\/problems\/runbook\/_pages_(?:en|ja)\.ts$/.test(from.path) && to.path.endsWith(".md")) return undefined;
  if (to.top !== "lib") return `lib/ may import nothing of ${to.top === "" ? "the root" : `${to.top}/`}`;
  if (allowed!.includes(to.room)) return undefined;
  const may = allowed!.length === 0 ? "no other room" : allowed!.join(", ");
  return `Room "${from.room}" may not import "${to.room}": it may import ${may}`;
}

/** Return why lib/ must not import a package: base and stats use the platform only, and rooms are imported by path. */
function packageProblem(from: Place, source: string): string | undefined {
  if (from.top !== "lib") return undefined;
  if (source.startsWith("@civitai-dl/")) return "lib/ imports rooms by path, not by the package's name";
  const isGround = from.room === "base" || from.room === "stats";
  return isGround && !source.startsWith("node:") ? `Room "${from.room}" may import the platform only` : undefined;
}

/** Return why an import bypasses the mod.ts of a room; `undefined` if it does not. */
function depthProblem(from: Place, source: string): string | undefined {
  if (!source.startsWith(".") || from.top === "tests") return undefined;
  const to = placeOf(posix.join(posix.dirname(from.path), source));
  if (to.top !== "lib" || to.path === `lib/${to.room}/mod.ts`) return undefined;
  return from.top === "lib" && from.room === to.room ? undefined : `Import room "${to.room}" through its mod.ts`;
}

/** Return why a file must not import a private file ("_" prefix), which only its folder and those below may import. */
function privacyProblem(from: Place, source: string): string | undefined {
  if (from.top !== "lib" || !source.startsWith(".")) return undefined;
  const path = posix.join(posix.dirname(from.path), source);
  const folder = `${posix.dirname(path)}/`;
  const isPrivate = path.startsWith("lib/") && posix.basename(path).startsWith("_");
  if (!isPrivate || from.path.startsWith(folder)) return undefined;
  return `"${posix.basename(path)}" is private to ${folder}: import what uses it, or take its underscore away`;
}

/** Return why a folder of a room must not import another one, which is listed behind it. */
function folderProblem(from: Place, source: string): string | undefined {
  if (from.top !== "lib" || !source.startsWith(".")) return undefined;
  const ours = posix.dirname(from.path).split("/");
  const theirs = posix.dirname(posix.join(posix.dirname(from.path), source)).split("/");
  if (theirs[0] !== "lib" || theirs[1] !== from.room) return undefined;
  const depth = ours.findIndex((folder, index) => folder !== theirs[index]);
  if (depth === -1 || depth >= theirs.length) return undefined;
  const parent = ours.slice(1, depth).join("/");
  const order = FOLDERS[parent] ?? [];
  const [own, other] = [ours, theirs].map((folders) => order.indexOf(folders[depth]!)) as [number, number];
  if (own === -1 || other === -1) return `List the folders of lib/${parent}/ in the table of lint.ts`;
  if (other < own) return undefined;
  const lower = order.slice(0, own);
  const may = lower.length === 0 ? "none beside it" : lower.join(", ");
  return `Folder "${ours[depth]}" may not import "${theirs[depth]}": of lib/${parent}/, it may import ${may}`;
}

/** Create a rule that checks every import: static, dynamic, re-export or type. */
function importRule(problem: (from: Place, source: string) => string | undefined): Deno.lint.Rule {
  return {
    create(context) {
      const from = currentPlace(context.filename);
      if (from === undefined) return {};
      const check = (node: Deno.lint.Node, source: Deno.lint.Node | null) => {
        if (source?.type !== "Literal" || typeof source.value !== "string") return;
        const message = problem(from, source.value);
        if (message !== undefined) context.report({ node, message });
      };
      return {
        ImportDeclaration: (node) => check(node, node.source),
        ExportAllDeclaration: (node) => check(node, node.source),
        ExportNamedDeclaration: (node) => check(node, node.source),
        ImportExpression: (node) => check(node, node.source),
        TSImportType: ({ argument }) => argument.type === "TSLiteralType" && check(argument, argument.literal),
      };
    },
  };
}

/** Create a rule that forbids members of a global, such as `Deno.exit`, except in allowed places. */
function memberRule(
  isForbidden: (object: string, member: string) => boolean,
  isAllowed: (place: Place) => boolean,
  message: string,
): Deno.lint.Rule {
  return {
    create(context) {
      const place = currentPlace(context.filename);
      if (place === undefined || isAllowed(place)) return {};
      return {
        MemberExpression(node) {
          if (node.object.type !== "Identifier") return;
          const { property } = node;
          const text = property.type === "Literal" ? String(property.value) : "";
          const member = property.type === "Identifier" ? property.name : text;
          if (isForbidden(node.object.name, member)) context.report({ node, message });
        },
      };
    },
  };
}

/** Forbids `export *` in entry modules, so that each public name is exported on purpose. */
const namedExports: Deno.lint.Rule = {
  create(context) {
    const path = currentPlace(context.filename)?.path ?? "";
    if (path !== "mod.ts" && !/^(?:lib\/[^/]+|checks)\/mod\.ts$/.test(path)) return {};
    return {
      ExportAllDeclaration: (node) =>
        context.report({ node, message: "Export what others use by its name: export { a, type B } from …" }),
    };
  },
};

/** Forbids literals that are spread or destructured on the spot, which only saves lines. */
const plainLiterals: Deno.lint.Rule = {
  create(context) {
    const isSwap = (left: Deno.lint.ArrayPattern, right: Deno.lint.ArrayExpression): boolean => {
      const targets = left.elements.map((it) => it === null ? "" : context.sourceCode.getText(it));
      return right.elements.every((it) => targets.includes(context.sourceCode.getText(it)));
    };
    const tuple = "Assign one after another: a pair of lists only keeps lines together";
    return {
      SpreadElement(node) {
        const literal = node.argument.type === "TSAsExpression" ? node.argument.expression : node.argument;
        if (node.parent?.type !== "ObjectExpression" || literal.type !== "ObjectExpression") return;
        if (literal.properties.length === 0) return;
        context.report({ node, message: "Write the fields in the object itself: deno fmt decides where lines break" });
      },
      VariableDeclarator(node) {
        if (node.id.type !== "ArrayPattern" || node.init?.type !== "ArrayExpression") return;
        if (node.init.elements.some((it) => it.type === "SpreadElement")) return;
        context.report({ node, message: tuple });
      },
      AssignmentExpression(node) {
        const { left, right } = node;
        if (left.type !== "ArrayPattern" || right.type !== "ArrayExpression" || isSwap(left, right)) return;
        context.report({ node, message: tuple });
      },
    };
  },
};

/** Forbids a choice within a choice, which has to be read twice: name the inner one, or return early. */
const noNestedTernary: Deno.lint.Rule = {
  create(context) {
    const place = currentPlace(context.filename);
    return {
      ConditionalExpression(node) {
        if (place?.top === "tests" || node.parent.type !== "ConditionalExpression") return;
        context.report({ node, message: "Name the inner choice, or write a function that returns early" });
      },
    };
  },
};

/**
 * Forbids `using` where Node must be able to load the file: JSR's npm packages keep it as it is, and to Node 22 it is a
 * syntax error.
 */
const nodeSyntax: Deno.lint.Rule = {
  create(context) {
    const place = currentPlace(context.filename);
    if (place?.top !== "lib" || !NODE_ROOMS.has(place.room)) return {};
    return {
      VariableDeclaration(node) {
        if (node.kind !== "using" && node.kind !== "await using") return;
        context.report({ node, message: "Close it in a finally block: Node 22 loads this room, and has no using" });
      },
    };
  },
};

/** The end of a text that is within a command for a person to copy, where a value would be a word of it. */
const IN_COMMAND = new RegExp(
  String.raw`(?:^|[^\w./-])(?:civitai-dl [a-z]|git (?:-C|branch|checkout|clone|commit|diff|fetch|log|merge|pull|push|` +
    String.raw`rebase|remote|reset|revert|show|switch|tag|worktree)\b)(?:(?!\. )[^;:,"()\0\n])*$`,
);

/** Calls that quote what they return. */
const QUOTING: ReadonlySet<string> = new Set(["quotePath", "quoteWord", "renderCommandLine"]);

/** Forbids values in a printed command that are not quoted for the shell: a branch may be called `a$(id)`. */
const quotedCommands: Deno.lint.Rule = {
  create(context) {
    const place = currentPlace(context.filename);
    if (place === undefined || !["lib", "scripts"].includes(place.top)) return {};
    const isTag = ({ parent }: Deno.lint.TemplateLiteral): boolean =>
      parent.type === "TaggedTemplateExpression" && parent.tag.type === "Identifier" && parent.tag.name === "shell";
    const isQuoted = (node: Deno.lint.Expression): boolean =>
      node.type === "CallExpression" && node.callee.type === "Identifier" && QUOTING.has(node.callee.name);
    return {
      TemplateLiteral(node) {
        if (isTag(node)) return;
        let before = "";
        for (const [index, expression] of node.expressions.entries()) {
          before += node.quasis[index]!.cooked;
          if (IN_COMMAND.test(before) && !isQuoted(expression)) {
            const message = "Quote the words of a command: shell`git switch ${name}`, of lib/base";
            context.report({ node: expression, message });
          }
          before += "VALUE";
        }
      },
    };
  },
};

/** A comment that takes lines out of the coverage, up to its reason. */
const UNCOVERED = /^\s*deno-coverage-ignore(?:-start|-stop|-file)?\b/;
/** A reason has some words. */
const MIN_REASON = 10;

/** Forbids comments that take lines out of the coverage without saying why. */
const coverageReason: Deno.lint.Rule = {
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          const directive = UNCOVERED.exec(comment.value)?.[0];
          if (directive === undefined || directive.endsWith("-stop")) continue;
          const reason = comment.value.slice(directive.length).replaceAll(/[^\p{L}]/gu, "");
          if (reason.length >= MIN_REASON) continue;
          context.report({ range: comment.range, message: "Say behind it why nothing can test this, or test it" });
        }
      },
    };
  },
};

/** What can make a test fail. */
const ASSERTION = /\b(?:assert\w*|expect|fail)\b|\bthrow\b/;

/** Forbids tests that nothing can fail: without an assertion, and without a call of a helper that may have one. */
const assertingTests: Deno.lint.Rule = {
  create(context) {
    if (!/(?:^|[/_])test\.ts$/.test(context.filename)) return {};
    const text = (node: Deno.lint.Node): string => context.sourceCode.getText(node);
    /** What this file declares, by its text; what it imports from other files of the tests may assert anything. */
    const helpers = new Map<string, string>();
    const tests: Deno.lint.CallExpression[] = [];
    const isAsserting = (body: string, seen: ReadonlySet<string> = new Set()): boolean =>
      ASSERTION.test(body) ||
      [...helpers].some(([name, own]) =>
        !seen.has(name) && new RegExp(`\\b${name}\\b`).test(body) && isAsserting(own, new Set([...seen, name]))
      );
    return {
      ImportDeclaration(node) {
        if (!node.source.value.startsWith(".") || /\/(?:lib|scripts|checks|benchmarks|std)\//.test(node.source.value)) {
          return;
        }
        for (const specifier of node.specifiers) helpers.set(specifier.local.name, "assert");
      },
      FunctionDeclaration: (node) => void (node.id !== null && helpers.set(node.id.name, text(node))),
      ClassDeclaration: (node) => void (node.id !== null && helpers.set(node.id.name, text(node))),
      VariableDeclarator(node) {
        if (node.id.type === "Identifier" && node.init !== null) helpers.set(node.id.name, text(node.init));
      },
      CallExpression(node) {
        if (/^Deno\.test(?:\.only|\.each\b|$)/.test(text(node.callee)) && node.arguments.length > 0) tests.push(node);
      },
      "Program:exit"() {
        for (const test of tests) {
          const isTable = /^Deno\.test\.each$/.test(text(test.callee));
          if (isTable || isAsserting(text(test))) continue;
          context.report({ node: test.callee, message: "Nothing can fail this test: assert what it promises" });
        }
      },
    };
  },
};

const plugin: Deno.lint.Plugin = {
  name: "civitai-dl",
  rules: {
    layers: importRule(layerProblem),
    "no-deep-imports": importRule(depthProblem),
    "private-to-folder": importRule(privacyProblem),
    "one-way-folders": importRule(folderProblem),
    "named-exports": namedExports,
    "plain-literals": plainLiterals,
    "no-nested-ternary": noNestedTernary,
    "node-syntax": nodeSyntax,
    "quoted-commands": quotedCommands,
    "coverage-reason": coverageReason,
    "asserting-tests": assertingTests,
    "no-exit": memberRule(
      (object, member) => (object === "Deno" || object === "process") && member === "exit",
      (place) => place.path === "lib/cli/run/run_main.ts",
      "Only runMain of lib/cli ends the process: throw a KitError, or return an exit code",
    ),
    "one-rename": memberRule(
      (object, member) => object === "Deno" && (member === "rename" || member === "renameSync"),
      // transferFile passes its synchronous rename to renameFile.
      ({ top, path }) => !["lib", "scripts"].includes(top) || path === "lib/base/files/rename_file.ts",
      "Rename by renameFile of lib/base: on Windows it waits for a scanner or a reader that has the file open",
    ),
    "no-console": memberRule(
      (object) => object === "console",
      (place) => place.path.startsWith("lib/cli/"),
      "Only lib/cli prints: return the text, or write it by the context's io or display",
    ),
  },
};

// The linter loads a plugin by its default export.
export default plugin;
