import { type OperatingSystem, operatingSystem } from "../operating_system.ts";

/**
 * What an error of the operating system means, in words that are the same on every system.
 *
 * - `full`: no space is left, or the user's quota is used up
 * - `read-only`: the file system cannot be written to
 * - `too-large`: the file system or a limit does not allow a file of this size
 * - `failing`: the device or the share does not answer, or its file system is damaged
 * - `denied`: this user may not do this; on Windows also: another program has the file open
 * - `in-use`: another program has the file open or locked
 * - `bad-path`: the path leads through a file, ends at something of another kind, is taken, turns in a circle of links,
 *   or is too long
 * - `other-disk`: the two paths are on different file systems
 * - `unsupported`: the file system does not have this operation
 */
export type SystemFault =
  | "full"
  | "read-only"
  | "too-large"
  | "failing"
  | "denied"
  | "in-use"
  | "bad-path"
  | "other-disk"
  | "unsupported";

type Faults = Readonly<Record<number, SystemFault>>;

/** Numbers that Linux and macOS share. */
const UNIX: Faults = {
  1: "denied", // EPERM
  5: "failing", // EIO
  13: "denied", // EACCES
  16: "in-use", // EBUSY
  17: "bad-path", // EEXIST
  18: "other-disk", // EXDEV
  20: "bad-path", // ENOTDIR
  21: "bad-path", // EISDIR
  22: "unsupported", // EINVAL
  26: "in-use", // ETXTBSY
  27: "too-large", // EFBIG
  28: "full", // ENOSPC
  30: "read-only", // EROFS
};

/** `errno.h` of Linux; also used for other systems, whose numbers were not looked up. */
const LINUX: Faults = {
  ...UNIX,
  36: "bad-path", // ENAMETOOLONG
  38: "unsupported", // ENOSYS
  40: "bad-path", // ELOOP
  95: "unsupported", // EOPNOTSUPP
  116: "failing", // ESTALE: a network share that disappeared
  117: "failing", // EUCLEAN: a damaged file system
  122: "full", // EDQUOT
};

/** `sys/errno.h` of macOS. */
const MACOS: Faults = {
  ...UNIX,
  6: "failing", // ENXIO: a disk that was unplugged
  25: "unsupported", // ENOTTY: F_FULLFSYNC on some file systems
  45: "unsupported", // ENOTSUP
  62: "bad-path", // ELOOP
  63: "bad-path", // ENAMETOOLONG
  69: "full", // EDQUOT
  70: "failing", // ESTALE
  78: "unsupported", // ENOSYS
  83: "failing", // EDEVERR
  102: "unsupported", // EOPNOTSUPP
};

/** `winerror.h`. The same numbers mean other things elsewhere: 5 is an I/O error on Linux. */
const WINDOWS: Faults = {
  1: "unsupported", // ERROR_INVALID_FUNCTION
  5: "denied", // ERROR_ACCESS_DENIED
  17: "other-disk", // ERROR_NOT_SAME_DEVICE
  19: "read-only", // ERROR_WRITE_PROTECT
  21: "failing", // ERROR_NOT_READY
  23: "failing", // ERROR_CRC
  31: "failing", // ERROR_GEN_FAILURE
  32: "in-use", // ERROR_SHARING_VIOLATION
  33: "in-use", // ERROR_LOCK_VIOLATION
  39: "full", // ERROR_HANDLE_DISK_FULL
  50: "unsupported", // ERROR_NOT_SUPPORTED
  55: "failing", // ERROR_DEV_NOT_EXIST: a network share that disappeared
  80: "bad-path", // ERROR_FILE_EXISTS
  87: "unsupported", // ERROR_INVALID_PARAMETER
  112: "full", // ERROR_DISK_FULL
  123: "bad-path", // ERROR_INVALID_NAME
  183: "bad-path", // ERROR_ALREADY_EXISTS
  206: "bad-path", // ERROR_FILENAME_EXCED_RANGE
  223: "too-large", // ERROR_FILE_TOO_LARGE
  267: "bad-path", // ERROR_DIRECTORY
  433: "failing", // ERROR_NO_SUCH_DEVICE
  1117: "failing", // ERROR_IO_DEVICE
  1167: "failing", // ERROR_DEVICE_NOT_CONNECTED
  1295: "full", // ERROR_DISK_QUOTA_EXCEEDED
  1314: "denied", // ERROR_PRIVILEGE_NOT_HELD
  1392: "failing", // ERROR_FILE_CORRUPT
  1393: "failing", // ERROR_DISK_CORRUPT
  1921: "bad-path", // ERROR_CANT_RESOLVE_FILENAME: a circle of links
};

/** Names in the `code` of an error, for errors whose message has no number. */
const NAMES: Readonly<Record<string, SystemFault>> = {
  EACCES: "denied",
  EBUSY: "in-use",
  EDQUOT: "full",
  EEXIST: "bad-path",
  EFBIG: "too-large",
  EIO: "failing",
  EISDIR: "bad-path",
  ELOOP: "bad-path",
  ENAMETOOLONG: "bad-path",
  ENOSPC: "full",
  ENOTDIR: "bad-path",
  ENOTSUP: "unsupported",
  EOPNOTSUPP: "unsupported",
  EPERM: "denied",
  EROFS: "read-only",
  ESTALE: "failing",
  EXDEV: "other-disk",
};

/** Messages of errors that have neither a number nor a name, such as those of a library. */
const TEXTS: readonly (readonly [RegExp, SystemFault])[] = [
  [/no space left|not enough space|quota exceeded/i, "full"],
  [/read-only file system/i, "read-only"],
  [/input\/output error/i, "failing"],
];

/**
 * Determine what an error of the file system means. Takes the number in its message, as Deno writes it (`os error 28`),
 * then the name in its `code`, then its words.
 *
 * @param error The thrown value; its `cause` is not considered
 * @param os The system that reported it, by default this one
 * @returns The fault; `undefined` if the error is none of these, for example a missing file
 */
export function systemFault(error: unknown, os: OperatingSystem = operatingSystem()): SystemFault | undefined {
  if (!(error instanceof Error)) return undefined;
  return faultByNumber(error, os) ?? faultByName(error) ?? faultByText(error);
}

/**
 * Check whether the disk is the reason for an error: it is full, over quota, read-only, failing, or cannot hold a file
 * of this size. A missing permission is no fault of the disk.
 *
 * @param os The system that reported it, by default this one
 */
export function isDiskFault(error: unknown, os: OperatingSystem = operatingSystem()): boolean {
  const fault = systemFault(error, os);
  return fault === "full" || fault === "read-only" || fault === "too-large" || fault === "failing";
}

function faultByNumber({ message }: Error, os: OperatingSystem): SystemFault | undefined {
  const digits = /\bos error (\d+)\b/.exec(message)?.[1];
  return digits === undefined ? undefined : tableOf(os)[Number(digits)];
}

function faultByName(error: Error): SystemFault | undefined {
  return "code" in error && typeof error.code === "string" ? NAMES[error.code] : undefined;
}

function faultByText({ message }: Error): SystemFault | undefined {
  return TEXTS.find(([pattern]) => pattern.test(message))?.[1];
}

function tableOf(os: OperatingSystem): Faults {
  if (os === "windows") return WINDOWS;
  return os === "darwin" ? MACOS : LINUX;
}
