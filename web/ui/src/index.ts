/** What every page is made of. Nothing here knows what a call is. */

export { Avatar } from "./avatar.tsx";
export { Button, type ButtonProps, ShortcutsContext } from "./button.tsx";
export { Dialog } from "./dialog.tsx";
export { Choice, Field, Pairs } from "./field.tsx";
export { Icon, type IconName, Logo } from "./icon.tsx";
export { keyName } from "./key-name.ts";
export { Menu, type MenuItem } from "./menu.tsx";
export { Tabs } from "./tabs.tsx";
export { Toggle } from "./toggle.tsx";
