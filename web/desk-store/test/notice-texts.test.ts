import type { Notice } from "@cordboard/client";
import { chooseLanguage } from "@cordboard/texts";
import { expect, it } from "vitest";
import { noticeText } from "../src/index.ts";

const DESK_LOST: Notice = {
  level: "warning",
  code: "wrong-state",
  text: "agent 1001 has had no desk for 30 s and is not ready after this call; open a desk and set ready",
  topic: { type: "desk-lost", agent: "1001", seconds: 30, after_call: true },
};

it("shows the server's text in English, and its own text in German", () => {
  chooseLanguage("en");
  expect(noticeText(DESK_LOST)).toBe(DESK_LOST.text);
  chooseLanguage("de");
  expect(noticeText(DESK_LOST)).toBe(
    "Ihr Arbeitsplatz war 30 Sekunden lang nicht verbunden. Sie sind nach diesem Anruf nicht bereit. Öffnen Sie die Seite und wählen Sie „Bereit“.",
  );
});

it("names the command that the switch refused as the page does", () => {
  chooseLanguage("de");
  const topic = {
    type: "request-refused",
    service: "Retrieve Call",
    switch: "pbx",
    reason: "busy",
  } as const;
  expect(noticeText({ ...DESK_LOST, topic })).toBe(
    "Die Telefonanlage pbx hat den Befehl „Fortsetzen“ abgelehnt: busy",
  );
});

it("shows the text of a peer, and of a topic that the page does not know, as it is", () => {
  chooseLanguage("de");
  expect(noticeText({ level: "warning", code: "unavailable", text: "the peer is gone" })).toBe(
    "the peer is gone",
  );
  const unknown = { ...DESK_LOST, topic: { type: "newer-than-this-page" } } as unknown as Notice;
  expect(noticeText(unknown)).toBe(DESK_LOST.text);
});
