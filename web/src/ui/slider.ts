/** The look of sliders: browsers colour their tracks in different ways, so the page does it (styles/finish.css). */

/** Colours the track up to the knob. */
export function showFilled(slider: HTMLInputElement): void {
  const [least, most] = [Number(slider.min), Number(slider.max)];
  slider.style.setProperty('--filled', `${(100 * (slider.valueAsNumber - least)) / (most - least)}%`);
}
