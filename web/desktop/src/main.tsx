/** Puts the desktop together: what watches, and what is drawn. */

import { render } from "preact";
import { App } from "./app.tsx";
import * as alert from "./call/alert.ts";
import * as pops from "./frames/pops.ts";
import * as relay from "./frames/relay.ts";
import * as asking from "./store/asking.ts";
import * as desk from "./store/desk.ts";
import * as drafts from "./store/drafts.ts";
import * as notes from "./store/notes.ts";
import * as settings from "./store/settings.ts";
import * as view from "./store/view.ts";
import "./styles/index.css";
import { tick } from "./ui/timer.tsx";
import * as notices from "./work/notices.tsx";
import * as shortcuts from "./work/shortcuts.ts";

settings.follow();
desk.begin();
asking.watch();
view.watch();
notes.watch();
drafts.watch();
notices.watch();
pops.watch();
alert.begin();
relay.begin();
shortcuts.listen();
tick();

const root = document.querySelector("#app");
if (root) render(<App />, root);
