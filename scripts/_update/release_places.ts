/** Where the releases are, unless the user names another place. */
export const RELEASES_URL = "https://github.com/civitai-dl/civitai-dl/releases";
/** GitHub and the hosts to which it redirects a download of a release. */
export const RELEASE_HOSTS: readonly string[] = [
  "github.com",
  "objects.githubusercontent.com",
  "release-assets.githubusercontent.com",
];
