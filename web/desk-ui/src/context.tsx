import type { DeskStore } from "@cordboard/desk-store";
import { ShortcutsContext } from "@cordboard/ui";
import { type ComponentChildren, createContext } from "preact";
import { useContext } from "preact/hooks";

const Context = createContext<DeskStore | undefined>(undefined);

export interface DeskProps {
  readonly store: DeskStore;
  readonly children: ComponentChildren;
}

/** Gives a store to everything that is drawn in it. */
export function Desk({ store, children }: DeskProps) {
  return (
    <Context.Provider value={store}>
      <ShortcutsContext.Provider value={store.settings.current.value.shortcuts}>
        {children}
      </ShortcutsContext.Provider>
    </Context.Provider>
  );
}

/** The store of the page in which this is drawn. */
export function useDesk(): DeskStore {
  const store = useContext(Context);
  if (!store) throw new Error("no Desk is drawn around this component");
  return store;
}
