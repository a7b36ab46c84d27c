import type { Random } from "../../lib/base/mod.ts";

/** Choose an entry of a list. */
export function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)]!;
}

function nested(depth: number): unknown {
  let value: unknown = "deep";
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { meta: value };
  return value;
}

/** Values that some field of some response never had. */
export const POISONS: readonly unknown[] = [
  ...[null, true, -1, 0, 1e300, -1e300, 1.5, 2 ** 53, "", " ", "\u0000\u001b[2J\u009b31m\u202e\u{e0041}", "\ud800"],
  ...[
    "../../../etc/passwd",
    "/etc/passwd",
    "C:\\x",
    "\\\\host\\share",
    "CON",
    ".",
    "..",
    "a/../../b",
    "x\n# y",
    "__proto__",
  ],
  ...[
    "x".repeat(50_000),
    "9".repeat(400),
    "<div>".repeat(2000),
    "<script ".repeat(2000),
    ".".repeat(20_000),
    "\u0301\u0323".repeat(3000),
  ],
  ...[
    '<a href="java&#115;cript:x">a</a><img src="file:///x">&lt;script&gt;',
    "javascript:alert(1)",
    "http://127.0.0.1/",
    "data:,x",
  ],
  ...[
    "Infinity",
    "NaN",
    "2026-13-45T99:99:99Z",
    "+275760-09-13T00:00:00.001Z",
    [],
    {},
    [[]],
    [null],
    Array(2000).fill(1),
    Array(500).fill({}),
  ],
  ...[
    { length: 1e9 },
    JSON.parse('{"__proto__":{"id":1},"constructor":1,"toString":2,"then":3}'),
    nested(60),
    nested(3000),
  ],
];

/** Replace one field of a JSON value, at any depth, by a poison; the given value stays unchanged. */
export function poison(random: Random, value: unknown): unknown {
  if (typeof value !== "object" || value === null || random() < 0.08) return pick(random, POISONS);
  const keys = Object.keys(value);
  if (keys.length === 0) return pick(random, POISONS);
  const key = pick(random, keys);
  const inner = (value as Record<string, unknown>)[key];
  if (random() < 0.05) {
    const { [key]: _, ...rest } = value as Record<string, unknown>;
    return Array.isArray(value) ? Object.values(rest) : rest;
  }
  const changed = poison(random, inner);
  return Array.isArray(value) ? value.with(Number(key), changed) : { ...value, [key]: changed };
}

const PIECES = [
  ...[
    '"',
    "\\",
    "\\u0000",
    "\u0001",
    "\n",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "null",
    "1e999",
    "99999999999999999999",
    "-",
    "\ufeff",
  ],
  ...[
    "<div>",
    "<script ",
    "</p>",
    "&lt;",
    "&#x202e;",
    "<!--",
    "<a href='",
    "\u202e",
    "\u001b]0;x\u0007",
    "*",
    "`",
    "](",
    " # ",
  ],
];

/** Mutate a text at some places: truncate, duplicate, delete or insert. */
export function mutateText(random: Random, text: string): string {
  let changed = text;
  for (let round = 1 + Math.floor(random() * 4); round > 0; round--) {
    const at = Math.floor(random() * (changed.length + 1));
    const end = Math.min(changed.length, at + Math.floor(random() * 200));
    const kind = random();
    if (kind < 0.1) changed = changed.slice(0, at);
    else if (kind < 0.35) changed = changed.slice(0, at) + changed.slice(end);
    else if (kind < 0.55) {
      changed = changed.slice(0, end) + changed.slice(at, end).repeat(1 + Math.floor(random() * 20)) +
        changed.slice(end);
    } else {changed = changed.slice(0, at) + pick(random, PIECES).repeat(random() < 0.1 ? 500 : 1) +
        changed.slice(random() < 0.5 ? at : end);}
  }
  return changed.slice(0, 500_000);
}

const NUMBERS = [0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, 0xffffffff];

/** Mutate bytes at some places, mostly near the start, where headers are: truncate, duplicate and fill. */
export function mutateBytes(random: Random, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  let changed = new Uint8Array(bytes);
  for (let round = 1 + Math.floor(random() * 5); round > 0 && changed.length > 0; round--) {
    const at = Math.floor((random() < 0.7 ? random() ** 3 : random()) * changed.length);
    const kind = random();
    if (kind < 0.35) changed[at] = Math.floor(random() * 256);
    else if (kind < 0.65) writeNumber(changed, at, { number: pick(random, NUMBERS), isLittle: random() < 0.5 });
    else if (kind < 0.75) changed = changed.slice(0, at);
    else if (kind < 0.85) changed.fill(Math.floor(random() * 256), at, at + Math.floor(random() * 64));
    else changed = splice(changed, at, changed.subarray(at, at + Math.floor(random() * 64)));
  }
  return changed;
}

function writeNumber(bytes: Uint8Array, at: number, { number, isLittle }: { number: number; isLittle: boolean }): void {
  if (at + 4 > bytes.length) return;
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(at, number, isLittle);
}

function splice(bytes: Uint8Array, at: number, added: Uint8Array): Uint8Array<ArrayBuffer> {
  const changed = new Uint8Array(bytes.length + added.length);
  changed.set(bytes.subarray(0, at));
  changed.set(added, at);
  changed.set(bytes.subarray(at), at + added.length);
  return changed;
}
