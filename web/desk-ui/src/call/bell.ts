/** A bell, made of two tones: no file is loaded for it. */

export interface Bell {
  ring(): void;
  stop(): void;
}

/** The tones of a North American bell. Hertz. */
const TONES_HZ = [440, 480];

/** How long it sounds, and how often. Seconds. */
const SOUNDS_S = 1.2;
const EVERY_S = 3;

const VOLUME = 0.12;

/** How long after somebody touched the page the bell is made. Milliseconds. Making it holds the page up for some 200. */
const MAKE_AFTER_MS = 500;

/** How long a call that rings before that is seen first. Milliseconds. */
const SEEN_FIRST_MS = 100;

/** @param onSilent whether the browser waits for somebody to touch the page before it lets the bell sound */
export function createBell(onSilent: (silent: boolean) => void): Bell {
  let context: AudioContext | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;

  function ring(): void {
    if (timer !== undefined) return;
    timer = setInterval(sound, EVERY_S * 1000);
    if (context) sound();
    else setTimeout(sound, SEEN_FIRST_MS);
  }

  function sound(): void {
    if (timer === undefined) return;
    context ??= new AudioContext();
    onSilent(context.state !== "running");
    // Refused until somebody touches the page; then the next stroke is heard.
    context.resume().then(
      () => onSilent(false),
      () => {},
    );
    stroke(context);
  }

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
    onSilent(false);
    void context?.suspend();
  }

  function make(): void {
    if (context) return;
    context = new AudioContext();
    if (timer === undefined) void context.suspend();
  }

  for (const touched of ["pointerdown", "keydown"]) {
    addEventListener(touched, () => {
      if (timer !== undefined) void context?.resume();
      if (!context) setTimeout(make, MAKE_AFTER_MS);
    });
  }
  return { ring, stop };
}

/** One stroke, which swells and fades so that it does not click. */
function stroke(context: AudioContext): void {
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
