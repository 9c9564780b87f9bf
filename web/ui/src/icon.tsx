/** Icons for controls, as inline SVG, so that no file is loaded. */

/** Stroked paths in a 24 by 24 view box. */
const PATHS = {
  phone: "M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 6a2 2 0 0 1 2-2z",
  hangUp: "M3 14c5-5 13-5 18 0l-2.5 3-4-1.5v-2.7a12 12 0 0 0-5 0v2.7l-4 1.5z",
  hold: "M9 6v12M15 6v12",
  resume: "M8 5l11 7-11 7z",
  mute: "M9 5a3 3 0 0 1 6 0v5M15 12.5A3 3 0 0 1 9 11V9M5 11a7 7 0 0 0 11 5.5M12 18v3M4 3l16 18",
  unmute: "M9 5a3 3 0 0 1 6 0v6a3 3 0 0 1-6 0zM5 11a7 7 0 0 0 14 0M12 18v3",
  mask: "M4 4l16 16M10 6.2A9 9 0 0 1 12 6c6 0 9 6 9 6a15 15 0 0 1-2.5 3.2M6.5 8A15 15 0 0 0 3 12s3 6 9 6a9 9 0 0 0 3.5-.7",
  record: "M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10z",
  digits: "M6 5h.01M12 5h.01M18 5h.01M6 11h.01M12 11h.01M18 11h.01M6 17h.01M12 17h.01M18 17h.01",
  consult: "M4 5h11v8H9l-3 3v-3H4zM18 9h2v7h-2v3l-3-3h-3",
  transfer: "M4 12h14M13 6l6 6-6 6",
  alternate: "M7 4 3 8l4 4M3 8h14M17 12l4 4-4 4M21 16H7",
  merge: "M5 5c0 7 7 4 7 14M19 5c0 7-7 4-7 14",
  cancel: "M6 6l12 12M18 6 6 18",
  check: "M5 12.5l4.5 4.5L19 7",
  chevron: "M6 9l6 6 6-6",
  inbound: "M18 6 7 17M7 9v8h8",
  outbound: "M6 18 17 7M9 7h8v8",
  internal: "M4 12h16M8 8l-4 4 4 4M16 8l4 4-4 4",
  bell: "M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 21h4",
  gear: "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.2 2.2M16.2 16.2l2.2 2.2M18.4 5.6l-2.2 2.2M7.8 16.2l-2.2 2.2",
  help: "M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 18h.01",
  search: "M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM15.5 15.5 20 20",
  person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 21c0-4 3.5-6 8-6s8 2 8 6",
  queue: "M4 7h16M4 12h11M4 17h7",
  backspace: "M9 6h11v12H9l-6-6zM12 10l4 4M16 10l-4 4",
  clock: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4.5l3 2",
  report: "M5 20v-8M12 20V5M19 20v-6",
  outside: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The Cordboard logo. */
export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="7" />
      <path d="M10 13.2c0 10 12-4 12 5.6" />
      <circle cx="10" cy="10" r="3.2" />
      <circle cx="22" cy="22" r="3.2" />
    </svg>
  );
}
