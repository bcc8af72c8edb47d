// Node 20 has no navigator; the words of the page follow its languages.
if (!('navigator' in globalThis)) Object.assign(globalThis, { navigator: { languages: ['en'] } });
