/** Name of the folder for the program's own state, in the library's folder. */
export const STATE_FOLDER = ".civitai-dl";
