/** Pictures that are written out in an address, `data:image/png;base64,...`, alone or within HTML. */

/** What style attributes and elements are called while HTML is read. */
const STYLE = 'unused-style';

/** The pictures in HTML, in its order; nothing of it is loaded or run. */
export function picturesInHtml(html: string): Blob[] {
  // The security policy objects to styles within HTML, even to HTML that is only read.
  const unstyled = html.replace(/\bstyle\b/gi, STYLE);
  const page = new DOMParser().parseFromString(unstyled, 'text/html');
  const attributes = [...page.querySelectorAll('*')].flatMap((element) => [...element.attributes]);
  return attributes.flatMap(addressesIn).flatMap((address) => pictureAt(address) ?? []);
}

/** The picture that an address consists of; undefined for every other address. */
export function pictureAt(address: string): Blob | undefined {
  const [, type = '', content] = /^\s*data:([^,]*),([^]*)$/i.exec(address) ?? [];
  if (content === undefined) return undefined;
  const text = content.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  return new Blob([/;\s*base64\s*$/i.test(type) ? fromBase64(text) : bytesOf(text)]);
}

/** An address alone is all of its attribute; style sheets and lists of sizes hold theirs among other words. */
function addressesIn({ name, value }: Attr): string[] {
  if (name === 'srcset' || name === STYLE) return value.match(/data:image\/[^\s"')]+/gi) ?? [];
  return /^\s*data:/i.test(value) ? [value] : [];
}

/** What is not base64 after all stays as it is, and will not be found to be a picture. */
function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    return bytesOf(atob(text));
  } catch {
    return bytesOf(text);
  }
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}
