import type { Random } from "../../lib/base/mod.ts";

/** A response as a server might send it, valid or not. */
export interface FuzzCase {
  /** Everything that the server sends before it closes, one character per byte. */
  readonly text: string;
  /** Sizes of the received chunks, in turn. */
  readonly pieces: readonly number[];
  /** Size of the buffers of the reader. */
  readonly targetBytes: number;
}

/** Generate one response by the grammar of HTTP with almost valid parts; half of them are then damaged. */
export function makeFuzzCase(random: Random): FuzzCase {
  const dice = new Dice(random);
  let text = "";
  const interim = dice.weighed([[0, 20], [1, 2], [2, 1], [8, 0.3], [9, 0.3]]);
  for (let count = 0; count < interim; count++) {
    text += head(dice, dice.weighed([["100", 5], ["103", 5], ["101", 0.3]]));
  }
  text += answer(dice);
  if (dice.happens(0.1)) text += dice.one(["HTTP/1.1 200 OK\r\n\r\n", "x", "\r\n", "0\r\n\r\n"]);
  if (dice.happens(0.5)) { for (let count = dice.below(3); count >= 0; count--) text = damage(dice, text); }
  const pieces = dice.one([[1], [1_000_000], [2, 3, 1], [1 + dice.below(50), 1 + dice.below(200), 1 + dice.below(5)]]);
  return { text, pieces, targetBytes: dice.one([1, 2, 7, 64, 1000]) };
}

/** Choices from random numbers. */
class Dice {
  constructor(readonly random: Random) {}

  below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  happens(chance: number): boolean {
    return this.random() < chance;
  }

  one<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  weighed<T>(values: readonly (readonly [T, number])[]): T {
    let left = this.random() * values.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [value, weight] of values) if ((left -= weight) < 0) return value;
    return values[0]![0];
  }

  /** Mostly the first, rarely one of the others. */
  mostly<T>(usual: T, others: readonly T[], chance = 0.02): T {
    return this.happens(chance) ? this.one(others) : usual;
  }
}

const LINE_ENDS = ["\n", "\r", "\r\r\n", "\n\r", " \r\n", "\0\r\n"];

function lineEnd(dice: Dice): string {
  return dice.mostly("\r\n", LINE_ENDS, 0.003);
}

function statusLine(dice: Dice, status: string): string {
  const version = dice.weighed([["HTTP/1.1", 90], ["HTTP/1.0", 10], ["HTTP/1.2", 0.5], ["HTTP/2", 0.3], [
    "http/1.1",
    0.3,
  ]]);
  const reason = dice.weighed([[" OK", 10], [" ", 3], [" a\tb \xe4", 1], ["", 0.2], [" a\x01", 0.1], ["\tOK", 0.1]]);
  return version + dice.mostly(" ", ["  ", "\t", ""], 0.01) + status + reason + lineEnd(dice);
}

function field(dice: Dice, name: string, value: string): string {
  const spelled = dice.happens(0.3) ? name.toUpperCase() : name;
  const colon = dice.weighed([[": ", 60], [":", 20], [":\t \t", 5], [" :", 0.5], ["", 0.2], ["\t: ", 0.2]]);
  const after = dice.weighed([["", 80], [" ", 5], ["\t ", 5], ["\r\n more", 0.4], ["\r\n\tmore", 0.2], ["\x7f", 0.1]]);
  return spelled + colon + value + after + lineEnd(dice);
}

function otherFields(dice: Dice): string {
  let text = "";
  for (let count = dice.below(4); count > 0; count--) {
    const name = dice.mostly(dice.one(["etag", "x-y", "!#$%&'*+-.^_`|~9", "connection", "keep-alive"]), [
      ...["", "a b", "a(", "a\x00", "\xe4", "a/b", " a"],
    ]);
    const value = dice.mostly(dice.one(["", '"v1"', "close", "keep-alive", "timeout=5, max=3", "\xe3\x81 \x82"]), [
      ...["a\x00", "a\x1f", "a\rb", "a\nb", "\x7f"],
    ]);
    text += field(dice, name, value);
  }
  return text;
}

function head(dice: Dice, status: string, framing = ""): string {
  const [before, after] = dice.happens(0.5) ? [framing, ""] : ["", framing];
  return statusLine(dice, status) + before + otherFields(dice) + after + lineEnd(dice);
}

function bodyBytes(dice: Dice): string {
  let text = "";
  for (let left = dice.weighed([[0, 1], [1, 1], [5, 3], [60, 2], [400, 1]]); left > 0; left--) {
    text += dice.happens(0.2) ? dice.one(["\r", "\n", "0", ";", ":"]) : String.fromCharCode(dice.below(256));
  }
  return text;
}

function answer(dice: Dice): string {
  const status = dice.weighed([["200", 60], ["206", 20], ["204", 4], ["304", 4], ["503", 5], ["600", 0.3], [
    "099",
    0.3,
  ]]);
  const body = bodyBytes(dice);
  const way = dice.weighed([["length", 40], ["chunked", 50], ["both", 2], ["none", 8]]);
  const size = field(dice, "content-length", lengthText(dice, body.length));
  const coding = field(dice, "transfer-encoding", codingText(dice));
  if (way === "none") return head(dice, status) + body;
  if (way === "length") return head(dice, status, dice.happens(0.03) ? size + size : size) + body;
  const framing = way === "both" ? size + coding : dice.happens(0.01) ? coding + coding : coding;
  return head(dice, status, framing) + chunks(dice, body);
}

function lengthText(dice: Dice, length: number): string {
  const odd = [
    `+${length}`,
    `-${length}`,
    `${length}, ${length}`,
    `${length},${length + 1}`,
    `0x${length}`,
    `${length}.0`,
  ];
  const more = [
    "",
    `${length},`,
    `${length} ${length}`,
    `00${length}`,
    `0${length}, ${length}`,
    "18446744073709551616",
  ];
  const wrong = [length + 1, Math.max(0, length - 1), 9007199254740993, length * 10].map(String);
  return dice.mostly(String(length), [...odd, ...more, ...wrong], 0.2);
}

function codingText(dice: Dice): string {
  const odd = ["gzip, chunked", "chunked, chunked", "identity", "", "chunked;q=1", "chunked,", "chunke", '"chunked"'];
  return dice.mostly(dice.one(["chunked", "Chunked"]), odd, 0.08);
}

function chunks(dice: Dice, body: string): string {
  let text = "";
  for (let at = 0; at < body.length;) {
    const size = Math.min(body.length - at, 1 + dice.below(100));
    text += sizeText(dice, size) + extension(dice) + lineEnd(dice);
    text += body.slice(at, at + size) + dice.mostly("\r\n", ["\n", "", "x\r\n", "\r"], 0.005);
    at += size;
  }
  text += dice.mostly("0", ["00", "", "-0", "0x0", "0000000000000000", "00000000000000000"], 0.05);
  text += extension(dice) + lineEnd(dice);
  if (dice.happens(0.2)) text += otherFields(dice);
  return text + lineEnd(dice);
}

function sizeText(dice: Dice, size: number): string {
  const hex = dice.happens(0.5) ? size.toString(16) : size.toString(16).toUpperCase();
  const padded = hex.padStart(16, "0");
  return dice.mostly(
    hex,
    [`0${hex}`, padded, `0${padded}`, `f${padded.slice(1)}`, ` ${hex}`, `${hex} `, `+${hex}`],
    0.04,
  );
}

function extension(dice: Dice): string {
  if (dice.happens(0.85)) return "";
  const good = [";a", ";a=b", ' ; a = "b;\\"c"', ";a;b;c=d", `;${"a".repeat(200)}`, ';a=""', `;${"a".repeat(1100)}`];
  const bad = [";", ";=", ';a="', " a", ";a=b c", ";a\x01", ";a=\xe4", ';a="\x7f"', ";;a", ";a=", "=a"];
  return dice.mostly(dice.one(good), bad, 0.15);
}

const BYTES = ["\r", "\n", "\r\n", " ", "\t", ":", ";", ",", "0", "1", "f", "\0", "\x7f", "\xff", '"', "="];

function damage(dice: Dice, text: string): string {
  const at = dice.below(text.length + 1);
  const size = dice.one([1, 1, 1, 2, 10]);
  switch (dice.below(5)) {
    case 0:
      return text.slice(0, at) + dice.one(BYTES) + text.slice(at);
    case 1:
      return text.slice(0, at) + text.slice(at + size);
    case 2:
      return text.slice(0, at) + dice.one(BYTES) + text.slice(at + 1);
    case 3:
      return text.slice(0, at + size) + text.slice(at);
    default:
      return text.slice(0, at);
  }
}
