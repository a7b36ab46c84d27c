import { assertEquals } from "@std/assert";
import { isDiskFault, systemFault } from "../../../lib/base/mod.ts";

type Os = typeof Deno.build.os;

function faultsOf(os: Os, numbers: readonly number[]): readonly unknown[] {
  return numbers.map((number) => systemFault(new Error(`Refused (os error ${number}): open 'a'`), os));
}

Deno.test("systemFault() knows the numbers of Linux", () => {
  assertEquals(faultsOf("linux", [28, 122]), ["full", "full"]);
  assertEquals(faultsOf("linux", [5, 116, 117]), ["failing", "failing", "failing"]);
  assertEquals(faultsOf("linux", [30, 27, 18]), ["read-only", "too-large", "other-disk"]);
  assertEquals(faultsOf("linux", [1, 13, 16, 26]), ["denied", "denied", "in-use", "in-use"]);
  assertEquals(faultsOf("linux", [22, 38, 95]), ["unsupported", "unsupported", "unsupported"]);
  assertEquals(faultsOf("linux", [17, 20, 21, 36, 40]), Array(5).fill("bad-path"));
  // ENOENT, ECONNREFUSED and EHOSTDOWN are no faults of a disk; 112 is one elsewhere.
  assertEquals(faultsOf("linux", [2, 111, 112]), [undefined, undefined, undefined]);
});

Deno.test("systemFault() knows the numbers of macOS", () => {
  assertEquals(faultsOf("darwin", [28, 69]), ["full", "full"]);
  assertEquals(faultsOf("darwin", [5, 6, 70, 83]), ["failing", "failing", "failing", "failing"]);
  assertEquals(faultsOf("darwin", [30, 27, 18]), ["read-only", "too-large", "other-disk"]);
  assertEquals(faultsOf("darwin", [1, 13, 16, 26]), ["denied", "denied", "in-use", "in-use"]);
  assertEquals(faultsOf("darwin", [22, 25, 45, 102]), ["unsupported", "unsupported", "unsupported", "unsupported"]);
  assertEquals(faultsOf("darwin", [17, 20, 21, 62, 63]), Array(5).fill("bad-path"));
  // ECONNREFUSED is 61 there.
  assertEquals(faultsOf("darwin", [2, 36, 61, 122]), [undefined, undefined, undefined, undefined]);
});

Deno.test("systemFault() knows the numbers of Windows", () => {
  assertEquals(faultsOf("windows", [112, 39, 1295]), ["full", "full", "full"]);
  assertEquals(faultsOf("windows", [5, 1314]), ["denied", "denied"]);
  assertEquals(faultsOf("windows", [32, 33]), ["in-use", "in-use"]);
  assertEquals(faultsOf("windows", [19, 223, 17]), ["read-only", "too-large", "other-disk"]);
  assertEquals(faultsOf("windows", [21, 23, 55, 1117, 1167]), Array(5).fill("failing"));
  assertEquals(faultsOf("windows", [1, 50, 87]), ["unsupported", "unsupported", "unsupported"]);
  assertEquals(faultsOf("windows", [80, 123, 183, 206, 267, 1921]), Array(6).fill("bad-path"));
  // File and path not found; 28 is "out of paper", 122 a buffer that is too small.
  assertEquals(faultsOf("windows", [2, 3, 28, 30, 122]), Array(5).fill(undefined));
});

Deno.test("systemFault() takes the number before the name, and the name before the words", () => {
  const named = (message: string, code: string): Error => Object.assign(new Error(message), { code });
  assertEquals(systemFault(named("Access is denied. (os error 5)", "EPERM"), "windows"), "denied");
  assertEquals(systemFault(named("no room", "ENOSPC"), "windows"), "full");
  assertEquals(systemFault(new Error("There is not enough space on the disk."), "linux"), "full");
  assertEquals(systemFault(new Error("database or disk is full")), undefined);
  assertEquals(systemFault("No space left on device (os error 28)", "linux"), undefined);
});

Deno.test("isDiskFault() does not blame the disk for a missing permission or an open file", () => {
  const isDisk = (number: number, os: Os): boolean => isDiskFault(new Error(`x (os error ${number})`), os);
  assertEquals([isDisk(5, "windows"), isDisk(5, "linux"), isDisk(5, "darwin")], [false, true, true]);
  assertEquals([isDisk(13, "linux"), isDisk(32, "windows"), isDisk(16, "linux")], [false, false, false]);
  assertEquals([isDisk(112, "windows"), isDisk(112, "linux")], [true, false]);
});
