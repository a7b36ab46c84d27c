/** The hosts of Civitai's API, to which the API key may be sent. */
export const API_HOSTS: readonly string[] = ["civitai.com", "civitai.red"];

/** The hosts that serve Civitai's images; `*.` stands for any subdomain. */
export const IMAGE_HOSTS: readonly string[] = [
  "image.civitai.com",
  "image-b2.civitai.com",
  "*.r2.cloudflarestorage.com",
  "*.backblazeb2.com",
];

/** The hosts on which Civitai stores model files; `*.` stands for any subdomain. */
export const STORAGE_HOSTS: readonly string[] = ["b2.civitai.com", "*.r2.cloudflarestorage.com", "*.backblazeb2.com"];
