/** Write a text as a template literal, so that a change of its file is a readable change of the module. */
export function textLiteral(text: string): string {
  return `\`${text.replaceAll("\r\n", "\n").replaceAll(/[\\`]|\$\{/g, "\\$&")}\``;
}
