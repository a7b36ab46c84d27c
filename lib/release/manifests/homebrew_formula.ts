import { downloadUrl, PACKAGE_SUMMARY, type PublishedRelease, type ReleaseTarget } from "./release_files.ts";

/**
 * Write the formula with which Homebrew installs a release, on macOS and Linux.
 *
 * @param release The release
 * @returns The text of `civitai-dl.rb`
 */
export function homebrewFormula(release: PublishedRelease): string {
  const { version, repository } = release;
  const source = (processor: string, target: ReleaseTarget) =>
    [
      `    on_${processor} do`,
      `      url "${downloadUrl(release, target)}"`,
      `      sha256 "${release.sums[target]}"`,
      "    end",
    ].join("\n");
  return `class CivitaiDl < Formula
  desc "${PACKAGE_SUMMARY}"
  homepage "https://github.com/${repository}"
  version "${version}"
  license "MIT"

  on_macos do
${source("arm", "aarch64-apple-darwin")}
${source("intel", "x86_64-apple-darwin")}
  end

  on_linux do
${source("arm", "aarch64-unknown-linux-gnu")}
${source("intel", "x86_64-unknown-linux-gnu")}
  end

  def install
    bin.install Dir["civitai-dl-*"].first => "civitai-dl"
    generate_completions_from_executable(bin/"civitai-dl", "completions", shells: [:bash, :zsh, :fish])
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/civitai-dl --version")
    system bin/"civitai-dl", "self-test"
  end
end
`;
}
