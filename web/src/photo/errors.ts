/** The errors of reading and writing pictures: a code to translate, and an English sentence for logs. */

export type PhotoErrorCode =
  | 'empty' // 0 bytes
  | 'not-a-picture'
  | 'truncated' // the file ends too early
  | 'damaged' // a known format that the browser cannot decode
  | 'too-large' // more pixels than a browser can hold
  | 'too-large-to-paint' // at its full size; it was painted for the screen
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
