/** Whether the word can be the name of a user. */
export function isUsername(text: string): boolean {
  return /^[\p{L}\p{N}_][\p{L}\p{N}_.-]{0,63}$/u.test(text);
}
