import { assertEquals } from "@std/assert";
import type { FileFormat } from "../../../lib/library/mod.ts";
import { sniffFormat } from "../../../lib/library/content/sniff_format.ts";
import { tarOf } from "../../helpers/library/pickle_bytes.ts";
import { gguf, pattern, safetensors, zip } from "../../helpers/library/file_bytes.ts";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const latin = (value: string): Uint8Array => Uint8Array.from(value, (char) => char.charCodeAt(0));

Deno.test("sniffFormat() recognizes the formats of a library, and what servers send instead", () => {
  const table: readonly (readonly [Uint8Array, FileFormat])[] = [
    [safetensors(10), "safetensors"],
    [gguf(3), "gguf"],
    [zip(), "zip"],
    [latin("PK\x05\x06"), "zip"],
    [latin("\x80\x02}q\x00."), "pickle"],
    [latin("\x80\x01"), "unknown"],
    [tarOf([{ name: "sys_info", content: latin("\x80\x02}.") }]), "tar"],
    [latin("\x08\x07\x12\x07pytorch"), "onnx"],
    [latin("\x89PNG\r\n\x1a\n"), "png"],
    [text("<!DOCTYPE html><html>"), "html"],
    [text("\uFEFF\n <html>"), "html"],
    [text('<?xml version="1.0"?><Error><Code>AccessDenied</Code>'), "html"],
    [text("<!-- x -->"), "html"],
    [text('{"error":"Unauthorized"}'), "json"],
    [text("{}"), "json"],
    [text('[\n  {"a": 1}'), "json"],
    [text("[section]\nkey = 1"), "text"],
    [text("model:\n  target: x"), "text"],
    [text("日本語").subarray(0, 7), "text"],
    [new Uint8Array(100), "unknown"],
    [pattern(5000), "unknown"],
    [new Uint8Array(), "unknown"],
  ];
  for (const [bytes, format] of table) assertEquals(sniffFormat(bytes), format, format);
});

Deno.test("sniffFormat() requires a plausible length for safetensors", () => {
  const file = safetensors(10);
  new DataView(file.buffer).setBigUint64(0, 100_000_001n, true);
  assertEquals(sniffFormat(file), "unknown");
});
