/** Basic components for every page. They do not depend on calls or agents. */

export { Avatar } from "./avatar.tsx";
export { Button, type ButtonProps, ShortcutsContext } from "./button.tsx";
export { Dialog } from "./dialog.tsx";
export { Choice, Field, Pairs } from "./field.tsx";
export { Icon, type IconName, Logo } from "./icon.tsx";
export { keyName } from "./key-name.ts";
export { Menu, type MenuItem } from "./menu.tsx";
export { Tabs } from "./tabs.tsx";
export { Toggle } from "./toggle.tsx";
