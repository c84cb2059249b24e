/** SIREN numbers: nine digits, the last of which makes the Luhn sum a multiple of ten. */
export type SirenCheck = { kind: "empty" } | { kind: "shape" } | { kind: "key" } | { kind: "valid"; siren: string };

/** Checks what somebody typed; spaces do not count. */
export function checkSiren(typed: string): SirenCheck {
  const digits = typed.replace(/\s/g, "");
  if (digits === "") return { kind: "empty" };
  if (!/^\d{9}$/.test(digits)) return { kind: "shape" };
  return luhn(digits) ? { kind: "valid", siren: digits } : { kind: "key" };
}

function luhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const weighted = index % 2 === 1 ? digit * 2 : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}
