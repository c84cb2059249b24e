/** «de Paul», «d’Inès». Names in H vary, and keep the whole word. */
export const de = (name: string): string => (/^[aeiouàâäéèêëîïôöùûü]/i.test(name) ? `d’${name}` : `de ${name}`);
