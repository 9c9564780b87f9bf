// Runs in a page before its own scripts. Counts the sounds that the page plays.
export function countSounds() {
  window.sounds = 0;
  for (const kind of [AudioScheduledSourceNode, HTMLMediaElement]) {
    const name = kind === HTMLMediaElement ? "play" : "start";
    const play = kind.prototype[name];
    kind.prototype[name] = function (...rest) {
      window.sounds += 1;
      return play.apply(this, rest);
    };
  }
}
