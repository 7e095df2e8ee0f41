import { z } from 'zod';

/** Who examines requests, how to reach them (CRPA art. R112-5), and the court that judges their decisions. */
export interface AuthorityConfig {
  readonly name: string;
  /** Postal address on one line. */
  readonly address: string;
  readonly email: string;
  readonly phone: string;
  /** Competent administrative court: name and address. */
  readonly court: string;
}

const line = (sample: string) =>
  z
    .string()
    .trim()
    .regex(/^[^\p{Cc}]{1,300}$/u, { error: `must be one line of text. Example: ${sample}.` })
    .optional();

/** Mails are sent from it or to it: one plain address, nothing that a header could read otherwise. */
export const emailAddress = z
  .string()
  .regex(/^[\w.+-]+@[a-z\d-]+(?:\.[a-z\d-]+)*$/iu, {
    error: 'must be one e-mail address. Example: acces@example.fr.',
  })
  .optional();

export const authoritySettings = {
  AUTHORITY_NAME: line('Bureau des accès, Direction du numérique'),
  AUTHORITY_ADDRESS: line('20 avenue de Ségur, 75007 Paris'),
  AUTHORITY_EMAIL: emailAddress,
  AUTHORITY_PHONE: z
    .string()
    .regex(/^\+?[\d .]{4,25}$/, { error: 'must be a telephone number. Example: 01 23 45 67 89.' })
    .optional(),
  AUTHORITY_COURT: line('tribunal administratif de Paris, 7 rue de Jouy, 75181 Paris Cedex 04'),
};

const names = Object.keys(authoritySettings);
type Settings = {
  readonly [K in keyof typeof authoritySettings]?: z.output<(typeof authoritySettings)[K]>;
};

const demonstration: AuthorityConfig = Object.freeze({
  name: 'Bureau des accès de l’opérateur de démonstration',
  address: '1 rue de l’Exemple, 75000 Paris',
  email: 'acces@operateur.example',
  phone: '01 00 00 00 00',
  court: 'tribunal administratif de Paris, 7 rue de Jouy, 75181 Paris Cedex 04',
});

/**
 * @returns undefined in production when nothing was said: no request can be received there, because its receipt would not
 * say what the law puts in it
 */
export function authorityOf(settings: Settings, production: boolean): AuthorityConfig | undefined {
  const { AUTHORITY_NAME: name, AUTHORITY_ADDRESS: address, AUTHORITY_EMAIL: email } = settings;
  const { AUTHORITY_PHONE: phone, AUTHORITY_COURT: court } = settings;
  return name === undefined ||
    address === undefined ||
    email === undefined ||
    phone === undefined ||
    court === undefined
    ? production
      ? undefined
      : demonstration
    : Object.freeze({ name, address, email, phone, court });
}

/** All of it or nothing: a letter with half an author binds nobody. */
export function authorityProblems(settings: Settings): readonly string[] {
  const given = new Map(Object.entries(settings));
  const missing = names.filter((name) => given.get(name) === undefined);
  return missing.length === 0 || missing.length === names.length
    ? []
    : missing.map(
        (name) => `${name} must be set with the other AUTHORITY variables. Example: see the README.`,
      );
}
