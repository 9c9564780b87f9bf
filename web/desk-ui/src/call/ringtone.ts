/** A ringtone of two generated tones. It needs no sound file. */

export interface Ringtone {
  ring(): void;
  stop(): void;
}

/** The tones of North American ringback. Hertz. */
const TONES_HZ = [440, 480];

/** How long each ring lasts, and how often it starts. Seconds. */
const SOUNDS_S = 1.2;
const EVERY_S = 3;

const VOLUME = 0.12;

/** The delay between the first click or key and creating the audio context, which blocks the page for about 200 ms. Milliseconds. */
const CREATE_AFTER_MS = 500;

/** The delay of the first ring if there is no audio context yet, so that the page shows the call first. Milliseconds. */
const FIRST_RING_AFTER_MS = 100;

/** @param onBlocked called with whether the browser blocks sound until the user clicks or types in the page */
export function createRingtone(onBlocked: (blocked: boolean) => void): Ringtone {
  let context: AudioContext | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;

  function ring(): void {
    if (timer !== undefined) return;
    timer = setInterval(sound, EVERY_S * 1000);
    if (context) sound();
    else setTimeout(sound, FIRST_RING_AFTER_MS);
  }

  function sound(): void {
    if (timer === undefined) return;
    context ??= new AudioContext();
    onBlocked(context.state !== "running");
    // Rejected until the user clicks or types in the page; the next ring is audible then.
    context.resume().then(
      () => onBlocked(false),
      () => {},
    );
    playRing(context);
  }

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
    onBlocked(false);
    void context?.suspend();
  }

  function create(): void {
    if (context) return;
    context = new AudioContext();
    if (timer === undefined) void context.suspend();
  }

  for (const event of ["pointerdown", "keydown"]) {
    addEventListener(event, () => {
      if (timer !== undefined) void context?.resume();
      if (!context) setTimeout(create, CREATE_AFTER_MS);
    });
  }
  return { ring, stop };
}

/** Plays one ring. It fades in and out to avoid clicks. */
function playRing(context: AudioContext): void {
  const from = context.currentTime;
  const gain = context.createGain();
  gain.gain.setValueAtTime(0, from);
  gain.gain.linearRampToValueAtTime(VOLUME, from + 0.05);
  gain.gain.setValueAtTime(VOLUME, from + SOUNDS_S - 0.1);
  gain.gain.linearRampToValueAtTime(0, from + SOUNDS_S);
  gain.connect(context.destination);
  for (const tone of TONES_HZ) {
    const oscillator = context.createOscillator();
    oscillator.frequency.value = tone;
    oscillator.connect(gain);
    oscillator.start(from);
    oscillator.stop(from + SOUNDS_S);
  }
}
