/**
 * Create a view of a folder as on a read-only file system: by a private mount for root, by permissions for other users.
 *
 * @param folder The folder
 * @returns Runs a command there; `null` if neither works
 */
export async function readOnlyView(folder: string): Promise<((words: readonly string[]) => Deno.Command) | null> {
  if (Deno.build.os !== "linux") return null;
  const pipes = { stdout: "piped", stderr: "piped" } as const;
  if (Deno.uid() !== 0) {
    // The caller restores the permission before it removes the folder.
    await new Deno.Command("chmod", { args: ["-R", "a-w", folder] }).output();
    return ([program, ...args]) => new Deno.Command(program!, { args, ...pipes });
  }
  const script = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"';
  const view = (words: readonly string[]) =>
    new Deno.Command("unshare", { args: ["-m", "sh", "-c", script, folder, ...words], ...pipes });
  const works = await view(["true"]).output().then(({ success }) => success, () => false);
  return works ? view : null;
}
