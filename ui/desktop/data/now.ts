/** The clock of screens that say «il y a 5 min»: it ticks twice a minute. */
import { useEffect, useState } from "react";

const TICK = 30_000;

export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK);
    return () => clearInterval(timer);
  }, []);
  return now;
}
