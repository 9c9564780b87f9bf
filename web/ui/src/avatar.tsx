import { useState } from "preact/hooks";

/** A person's picture, or else their initials on a color chosen by their name. */
export function Avatar({
  name,
  image,
}: {
  readonly name: string;
  readonly image?: string | null | undefined;
}) {
  const [broken, setBroken] = useState<string>();
  if (image && image !== broken) {
    return (
      <img class="avatar" src={image} alt="" referrerpolicy="no-referrer" onError={() => setBroken(image)} />
    );
  }
  return (
    <span class={`avatar hue-${hue(name)}`} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

/** The number of colors. Each has a CSS class. */
const HUES = 6;

function hue(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 997;
  return sum % HUES;
}

function initials(name: string): string {
  const letters = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  const [first = "", second = ""] = letters;
  return letters.length > 0 ? `${[...first][0] ?? ""}${[...second][0] ?? ""}`.toUpperCase() : "#";
}
