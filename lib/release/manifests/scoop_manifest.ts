import { downloadUrl, executableName, PACKAGE_SUMMARY, type PublishedRelease } from "./release_files.ts";

/**
 * Write the manifest with which Scoop installs a release on Windows, and finds later ones.
 *
 * @param release The release
 * @returns The text of `civitai-dl.json`
 */
export function scoopManifest(release: PublishedRelease): string {
  const { version, repository, sums } = release;
  const target = "x86_64-pc-windows-msvc";
  const homepage = `https://github.com/${repository}`;
  // The part after # is the name under which Scoop keeps the file.
  const rename = "#/civitai-dl.exe";
  const manifest = {
    version,
    description: PACKAGE_SUMMARY,
    homepage,
    license: "MIT",
    architecture: { "64bit": { url: `${downloadUrl(release, target)}${rename}`, hash: sums[target] } },
    bin: "civitai-dl.exe",
    checkver: "github",
    autoupdate: {
      architecture: {
        "64bit": { url: `${homepage}/releases/download/v$version/${executableName(target)}${rename}` },
      },
      hash: { url: "$baseurl/SHA256SUMS" },
    },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
