/** Whether the text has the form of a user name: letters, digits, `_`, `.` and `-`, at most 64 characters. */
export function isUsername(text: string): boolean {
  return /^[\p{L}\p{N}_][\p{L}\p{N}_.-]{0,63}$/u.test(text);
}
