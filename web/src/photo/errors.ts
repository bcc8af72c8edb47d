/** The errors of reading and writing pictures: a code to translate, and an English sentence for logs. */

export type PhotoErrorCode =
  | 'empty' // 0 bytes
  | 'unreadable' // a folder, or a file that is not there
  | 'changed' // moved, changed or deleted since it was opened
  | 'no-picture' // among several files
  | 'only-address' // of a picture elsewhere
  | 'only-text'
  | 'nothing-given'
  | 'share-lost' // shared to the installed app, and not kept
  | 'not-a-picture'
  | 'truncated' // the file ends too early
  | 'damaged' // a known format that the browser cannot decode
  | 'too-large' // more pixels than a browser can hold
  | 'too-large-to-paint' // at its full size; it was painted for the screen
  | 'false-pixels' // the browser gives pages other pixels than those of the picture
  | 'decoder-missing' // of a format that the browser does not read, and it could not be fetched
  | 'unsupported-svg'
  | 'unsupported-heic'
  | 'unsupported-tiff'
  | 'unsupported-format' // another picture format
  | 'unsupported-export'; // the browser cannot write that format

/** A picture that cannot be read or written. */
export class PhotoError extends Error {
  readonly code: PhotoErrorCode;

  constructor(code: PhotoErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PhotoError';
    this.code = code;
  }
}
