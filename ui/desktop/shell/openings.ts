/** What any screen can open over itself. */
import { createContext, useContext } from "react";

export interface Openings {
  palette: () => void;
  sync: () => void;
  addClient: () => void;
}

const nothing = () => undefined;

export const OpenContext = createContext<Openings>({ palette: nothing, sync: nothing, addClient: nothing });

export function useOpenings(): Openings {
  return useContext(OpenContext);
}
