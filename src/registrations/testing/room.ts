import { randomBytes, randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { newMigratedDataDir, newMigratedDatabase } from '../../../test/support/migrated-data-dir.ts';
import { createSeal } from '../../config/config.ts';
import {
  applyDeclarations,
  createDeclarations,
  idpSecretPurpose,
  loadDeclarations,
} from '../../declarations/declarations.ts';
import { parisDate } from '../../eligibility/eligibility.ts';
import { createTerritories, organizationPage } from '../../register/register.ts';
import { migrate, openStores } from '../../storage/storage.ts';
import type { Stores } from '../../storage/storage.ts';
import type { Act, Actor, ApplicantActor, OperatorActor, Terms } from '../act.ts';
import type { DraftContent } from '../content.ts';
import type { RegistrationFile } from '../file.ts';
import { createRegistrations, emptyContent, letterDigest } from '../registrations.ts';
import type { Registrations, RegistrationsNeeds, RightConcerned } from '../registrations.ts';

const contact = { name: 'Maëlle Le Goff', email: 'contact@asso.example', phone: '' };

/** An invented association without any approval, and the one of the mayors, approved for Docs by the declarations. */
export const association = '000000406';
export const mayors = '000000109';

export const applicantOf = (name: string): ApplicantActor => ({
  kind: 'applicant',
  accountId: randomUUID(),
  givenName: name,
  usualName: 'Fictive',
  email: `${name.toLowerCase()}@asso.example`,
});

export const operatorCalled = (id: string, sirens: readonly string[] = []): OperatorActor => ({
  kind: 'operator',
  id,
  givenName: 'Dominique',
  usualName: id,
  capacity: 'responsable des accès',
  organization: 'Opérateur de démonstration',
  sirens: [...sirens],
});

export const reasons = {
  motive: 'security_incident',
  text: 'Un compte de l’association envoie des courriels frauduleux.',
  rule: 'Conditions d’utilisation, article 4',
} as const;

/** People in front of one process: what its pages would do. */
export interface Desk {
  /** A draft that lacks nothing. */
  draft(applicant: ApplicantActor, services?: readonly string[], organization?: string): Promise<string>;
  submit(id: string, applicant: ApplicantActor, seen?: number): Promise<RegistrationFile>;
  /** Sees the file as it is, reads the letter, acts. */
  act(id: string, actor: Actor, act: Act): Promise<RegistrationFile>;
  terms(change?: Partial<Terms>): Terms;
}

export function createDesk(registrations: Registrations, clock: () => Date): Desk {
  return {
    async draft(applicant, services = ['docs'], organization = association) {
      const id = await registrations.startDraft(applicant, { organization });
      const content: DraftContent = {
        ...emptyContent,
        organization,
        acting: { capacity: 'présidente', mandateUntil: '2035-12-31' },
        services: services.map((service) => ({
          id: service,
          why: 'Écrire à plusieurs',
          users: '12',
          termsAcceptedAt: clock().toISOString(),
        })),
        purpose: 'Préparer les réunions.',
        dataProtection: contact,
        security: contact,
        declaredAt: clock().toISOString(),
      };
      await registrations.saveDraft(id, applicant.accountId, content);
      return id;
    },
    async submit(id, applicant, seen = 0) {
      const opened = await registrations.forApplicant(id, applicant.accountId);
      if (opened === undefined) throw new Error('no draft');
      const { content } = opened;
      const act: Act = { act: 'submit', content, services: content.services.map((one) => one.id) };
      return registrations.act({ id, seen, actor: applicant, act });
    },
    async act(id, actor, act) {
      const opened =
        actor.kind === 'applicant'
          ? await registrations.forApplicant(id, actor.accountId)
          : await registrations.forOperator(id);
      if (opened === undefined) throw new Error('no file');
      const letter = registrations.preview(opened, actor, act);
      const letterSha256 = letter && letterDigest(letter);
      return registrations.act({ id, seen: opened.file.version, actor, act, letterSha256 });
    },
    terms: (change = {}) => ({
      level: 'member',
      ground: 'public_service_mission',
      conditions: ['Rester une association déclarée.'],
      startsOn: parisDate(clock()),
      endsOn: '2027-12-31',
      ...change,
    }),
  };
}

export interface Room extends Desk {
  readonly stores: Stores;
  readonly registrations: Registrations;
  /** For a process that is not quite as this one. */
  readonly needs: RegistrationsNeeds;
  /** Another process on the same database. */
  another(change?: Partial<RegistrationsNeeds>): Registrations;
  /** What was logged as an error so far, and was expected. */
  takeProblems(): unknown[];
  readonly rights: RightConcerned[];
  goTo(instant: string): void;
  pass(days: number): void;
  close(): Promise<void>;
}

/** On PostgreSQL, or on PGlite where the run shares none. */
export const openRoom = async (silence?: RegistrationsNeeds['silence']): Promise<Room> =>
  openRoomIn(await newMigratedDatabase(), silence);

/** On the PostgreSQL of the URL, or on PGlite when undefined. */
export async function openRoomIn(
  databaseUrl: string | undefined,
  silence: RegistrationsNeeds['silence'] = 'refusal',
): Promise<Room> {
  let now = new Date('2026-11-23T09:00:00Z').getTime();
  const clock = () => new Date(now);
  const dataDir = databaseUrl === undefined ? await newMigratedDataDir() : undefined;
  const stores = await openStores({ databaseUrl, dataDir: dataDir ?? 'unused', clock });
  await migrate(stores, 'migrations');
  const { db } = stores;
  const seal = createSeal(['encryption-key-of-the-tests-0123456789abcdef'], idpSecretPurpose);
  const variables = { ISSUER: 'http://localhost:3000', DEMO_IDP_PORT: '3001', DEMO_TOOLS_PORT: '3002' };
  await applyDeclarations(await loadDeclarations('config/demo', { variables, production: false }), {
    db,
    seal,
    clock,
  });
  const declarations = await createDeclarations({
    db,
    clock,
    issuer: variables.ISSUER,
    onProblem: () => undefined,
  });
  const territories = await createTerritories({ db, onProblem: () => undefined });
  const rights: RightConcerned[] = [];
  const problems: unknown[] = [];
  const needs: RegistrationsNeeds = {
    db,
    clock,
    logger: {
      info: () => undefined,
      warn: () => undefined,
      error: (fields: object) => void problems.push(fields),
    },
    randomBytes,
    randomId: randomUUID,
    snapshot: () => declarations.current(),
    organization: (id) => organizationPage(db, territories.current(), id),
    chargeOf: () => ({ perimeter: {} }),
    silence,
    examinationTargetDays: 30,
    authority: {
      name: 'Bureau des accès',
      address: '1 rue de l’Exemple, 75000 Paris',
      email: 'acces@operateur.example',
      phone: '01 00 00 00 00',
      court: 'tribunal administratif de Paris',
    },
    issuer: 'http://localhost:3000',
    onAccessChanged: async (right) => void rights.push(right),
  };
  const registrations = createRegistrations(needs);

  return {
    stores,
    registrations,
    needs,
    another: (change = {}) => createRegistrations({ ...needs, ...change }),
    takeProblems: () => problems.splice(0),
    rights,
    goTo(instant) {
      now = new Date(instant).getTime();
    },
    pass(days) {
      now += days * 24 * 3600 * 1000;
    },
    ...createDesk(registrations, clock),
    async close() {
      declarations.stop();
      territories.stop();
      await stores.close();
      if (dataDir !== undefined) await rm(dataDir, { recursive: true, force: true });
      if (problems.length > 0) throw new Error(`logged: ${JSON.stringify(problems)}`);
    },
  };
}
