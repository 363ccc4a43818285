/** How much may be handed in at once. Apart from the requests' table, so that the page can know them too. */

/** The largest file that may be dropped on the window, in bytes; larger ones go through the file dialog. */
export const MOST_DROPPED_BYTES = 200_000_000
export const MOST_PASTED_CHARS = 20_000_000
