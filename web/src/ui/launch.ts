/** Photos that come with the start of the installed app: opened with it on a desktop, or shared to it on a phone. */
import { offerFiles, type Offer } from '../photo/first';
import { takeShared } from '../photo/shared';

/** What browsers that know file handlers have as `window.launchQueue`. */
interface LaunchQueue {
  setConsumer(consumer: (launch: { files?: readonly FileSystemFileHandle[] }) => void): void;
}

export function setUpLaunch(onPhoto: (offer: Offer) => void): void {
  (window as { launchQueue?: LaunchQueue }).launchQueue?.setConsumer(({ files = [] }) => {
    if (files.length > 0) onPhoto(offerHandles(files));
  });
  void openShared(onPhoto);
}

function offerHandles(handles: readonly FileSystemFileHandle[]): Offer {
  const candidates = handles.map((handle) => ({ name: handle.name, open: () => handle.getFile() }));
  return { candidates, given: handles.map(({ name }) => name) };
}

/** The service worker leads to #shared after a share, also where nothing of it could be kept. */
async function openShared(onPhoto: (offer: Offer) => void): Promise<void> {
  const isShare = location.hash === '#shared';
  if (isShare) history.replaceState(null, '', location.pathname + location.search);
  const files = await takeShared().catch(() => []);
  if (isShare || files.length > 0) onPhoto({ ...offerFiles(files), lack: 'share-lost' });
}
