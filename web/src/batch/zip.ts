/** Files as one zip, taken in one after another: none is kept longer than it takes to write it. */

/** Reads the files as they come. Rejects with what the files' source throws. */
export async function zipOf(files: AsyncIterable<File>): Promise<Blob> {
  const { downloadZip } = await import('client-zip'); // fetched by those who save several photos
  return downloadZip(withNamesOfTheirOwn(files)).blob();
}

/** Of several files with the same name, the later ones are numbered: "a.jpg", "a (2).jpg". */
export async function* withNamesOfTheirOwn(files: AsyncIterable<File>): AsyncGenerator<File> {
  const taken = new Set<string>();
  for await (const file of files) {
    const name = freeName(file.name, taken);
    taken.add(name.toLowerCase());
    yield new File([file], name, { type: file.type });
  }
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  const dot = name.lastIndexOf('.');
  for (let count = 1, free = name; ; count++, free = `${name.slice(0, dot)} (${count})${name.slice(dot)}`)
    if (!taken.has(free.toLowerCase())) return free;
}
