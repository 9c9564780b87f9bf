import type { InteractionView, Pop } from "@cordboard/client";
import type { DeskStore, OpenDialog } from "@cordboard/desk-store";
import { signal } from "@preact/signals";
import { expect, it } from "vitest";
import { watchPops } from "../src/frames/pops.ts";
import { pageOf } from "../src/frames/record-page.ts";
import { logStart } from "../src/work/log-fields.ts";

const UNRESOLVED: Pop = { resolve: [{ key: "Phone", value: "1" }] };

function interaction(id: string, pop: Pop): InteractionView {
  return { id, pops: [pop], contact: null } as unknown as InteractionView;
}

function desk() {
  const interactions = signal<readonly InteractionView[]>([]);
  const dialog = signal<OpenDialog | undefined>(undefined);
  const chosen: string[] = [];
  const view = { dialog, choose: (id: string) => chosen.push(id) };
  watchPops({ session: { interactions }, view } as unknown as DeskStore);
  interactions.value = [interaction("0", {})];
  return { interactions, dialog, chosen };
}

it("opens a dialog for each pop that needs one, one after the other", () => {
  const { interactions, dialog, chosen } = desk();
  const [first, second] = [interaction("1", UNRESOLVED), interaction("2", UNRESOLVED)];
  interactions.value = [...interactions.value, first];
  interactions.value = [...interactions.value, second];
  expect(dialog.value).toEqual({ kind: "resolve", interaction: "1" });
  dialog.value = undefined;
  expect(dialog.value).toEqual({ kind: "resolve", interaction: "2" });
  expect(chosen.at(-1)).toBe("2");
  dialog.value = undefined;
  expect(dialog.value).toBeUndefined();
});

it("opens none for an interaction that was resolved or completed in the meantime", () => {
  const { interactions, dialog } = desk();
  dialog.value = { kind: "help" };
  interactions.value = [interaction("1", UNRESOLVED), interaction("2", UNRESOLVED)];
  const resolved = { ...interaction("1", UNRESOLVED), contact: { id: "7", name: "Carla" } };
  interactions.value = [resolved as unknown as InteractionView];
  dialog.value = undefined;
  expect(dialog.value).toBeUndefined();
});

it("finds the page of a record in any letter case", () => {
  const page = (type: string) => ({ type, title: type, url: "https://crm.example/{id}" });
  const floor = { records: [page("Contact"), page("lead"), page("LEAD")] } as unknown as Parameters<
    typeof pageOf
  >[0];
  expect(pageOf(floor, "contact")?.type).toBe("Contact");
  expect(pageOf(floor, "LEAD")?.type).toBe("LEAD");
  expect(pageOf(floor, "case") ?? pageOf(floor, undefined) ?? pageOf(undefined, "Contact")).toBeUndefined();
});

it("starts the first log entry with the subject and the text of the pop", () => {
  const pops = [{ log_fields: { subject: "Refund", text: "Order 77", priority: "1" } }];
  expect(logStart({ pops })).toEqual({ subject: "Refund", text: "Order 77", fields: { priority: "1" } });
  const logs = [{ at: 1, by: "1001", subject: "Refund", text: "", fields: {} }];
  expect(logStart({ pops, logs })).toEqual({ subject: "", text: "", fields: { priority: "1" } });
});
