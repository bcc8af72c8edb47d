/** The camera: a viewfinder where the browser allows one; on phones their own camera app takes the photo. */
import { t } from '../i18n';
import { offerOne } from '../photo/first';
import { isTouch } from './device';
import { context2d, part } from './dom';
import { acceptFiles, type Arrival } from './drop';

const LONGEST_SIDE = { ideal: 1920 };

export function setUpCamera(onPhoto: Arrival, onRefused: () => void): void {
  const capture = part('#capture', HTMLInputElement);
  acceptFiles(capture, onPhoto);
  const viewfinder = setUpViewfinder(onPhoto);
  for (const button of document.querySelectorAll('[data-way="camera"]')) {
    button.addEventListener('click', () => {
      if (isTouch()) capture.click();
      else viewfinder.open().catch(onRefused);
    });
  }
}

function setUpViewfinder(onPhoto: Arrival): { open(): Promise<void> } {
  const dialog = part('#camera', HTMLDialogElement);
  const video = part('#camera-video', HTMLVideoElement);
  let facing: 'user' | 'environment' = 'user';

  async function look(): Promise<void> {
    stop(video);
    const stream = await openCamera(facing);
    stop(video); // what an impatient second press has opened meanwhile would stay on
    video.srcObject = stream;
    video.toggleAttribute('data-mirrored', facing === 'user');
    await video.play();
  }

  async function shoot(): Promise<void> {
    const file = await still(video);
    dialog.close();
    if (file) onPhoto(offerOne(t('camera.name'), () => file));
  }

  dialog.addEventListener('close', () => {
    stop(video);
  });
  part('#camera-close', HTMLButtonElement).addEventListener('click', () => {
    dialog.close();
  });
  part('#camera-shoot', HTMLButtonElement).addEventListener('click', () => void shoot());
  part('#camera-turn', HTMLButtonElement).addEventListener('click', () => {
    facing = facing === 'user' ? 'environment' : 'user';
    look().then(
      () => {
        if (!dialog.open) stop(video); // closed while the camera was still starting
      },
      () => {
        dialog.close();
      },
    );
  });

  return {
    async open() {
      await look();
      dialog.showModal();
    },
  };
}

function openCamera(facingMode: string): Promise<MediaStream> {
  // Absent where the page was not served securely, whatever the types say.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) return Promise.reject(new Error('no camera on an insecure page'));
  return devices.getUserMedia({ audio: false, video: { facingMode, width: LONGEST_SIDE } });
}

function stop(video: HTMLVideoElement): void {
  if (!(video.srcObject instanceof MediaStream)) return;
  for (const track of video.srcObject.getTracks()) track.stop();
  video.srcObject = null;
}

/** The picture in the viewfinder as a file, not mirrored; null before the first frame. */
function still(video: HTMLVideoElement): Promise<Blob | null> {
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  if (!canvas.width) return Promise.resolve(null);
  context2d(canvas).drawImage(video, 0, 0);
  return new Promise((resolve) => {
    canvas.toBlob(resolve, 'image/jpeg', 0.95);
  });
}
