/** Build the value of an Authorization header from a user name and a password, encoded as UTF-8. */
export function basicAuth(user: string, password: string): string {
  return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${user}:${password}`)))}`;
}
