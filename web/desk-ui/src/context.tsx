import type { DeskStore } from "@cordboard/desk-store";
import { ShortcutsContext } from "@cordboard/ui";
import { type ComponentChildren, createContext } from "preact";
import { useContext } from "preact/hooks";

const Context = createContext<DeskStore | undefined>(undefined);

export interface DeskProps {
  readonly store: DeskStore;
  readonly children: ComponentChildren;
}

/** Provides a store to all components inside it. */
export function Desk({ store, children }: DeskProps) {
  return (
    <Context.Provider value={store}>
      <ShortcutsContext.Provider value={store.settings.current.value.shortcuts}>
        {children}
      </ShortcutsContext.Provider>
    </Context.Provider>
  );
}

/** The store of the surrounding `Desk`. */
export function useDesk(): DeskStore {
  const store = useContext(Context);
  if (!store) throw new Error("this component is not inside a Desk");
  return store;
}
