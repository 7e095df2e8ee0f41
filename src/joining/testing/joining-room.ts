import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { createOneTimeCodes } from '../../codes/codes.ts';
import { createFingerprints } from '../../config/config.ts';
import { createAccounts, createDeclaredMemberships } from '../../identity/identity.ts';
import type { AssertedIdentity } from '../../identity/identity.ts';
import { createOrganizationRegistry, createTerritories } from '../../register/register.ts';
import { operatorCalled, openRoom } from '../../registrations/testing/room.ts';
import type { Room } from '../../registrations/testing/room.ts';
import { createJoining } from '../joining.ts';
import type { Joining, JoiningPerson } from '../joining.ts';
import type { JoiningAuthor, JoiningNeeds } from '../needs.ts';

/** The identity provider of nobody's organization: what partner accounts are. */
const issuer = 'https://partners.example';

export interface JoiningRoom {
  readonly room: Room;
  readonly needs: JoiningNeeds;
  readonly joining: Joining;
  readonly declared: ReturnType<typeof createDeclaredMemberships>;
  /** Accounts whose end was told. */
  readonly ended: string[];
  /** Somebody without an organization, signed in with this proven mailbox. */
  person(name: string, mailbox: string): Promise<JoiningPerson>;
  author(person: JoiningPerson): Extract<JoiningAuthor, { kind: 'applicant' }>;
  /** SIRETs and levels of a new sign-in. */
  signsInFor(person: JoiningPerson): Promise<readonly string[]>;
  /** An operator approves their file for the association: they represent it. */
  represents(person: JoiningPerson, service?: string): Promise<void>;
  /** Texts of mails to an address, oldest first. */
  mailsTo(address: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function openJoiningRoom(): Promise<JoiningRoom> {
  const room = await openRoom();
  const { db, ephemeral } = room.stores;
  const { clock, logger, organization } = room.needs;
  const ended: string[] = [];
  const territories = await createTerritories({ db, onProblem: () => undefined });
  const registry = createOrganizationRegistry({ db, territories: territories.current, clock, ttlMs: 0 });
  const accounts = createAccounts({ db, clock, randomId: randomUUID });
  const needs: JoiningNeeds = {
    db,
    clock,
    logger,
    randomId: randomUUID,
    random: randomBytes,
    codes: createOneTimeCodes({
      ephemeral,
      clock,
      random: randomBytes,
      pepper: randomBytes(32),
      assertTrusted: () => undefined,
    }),
    facts: (siret) => registry.held(siret),
    organization,
    isDisposable: (domain) => domain === 'jetable.example',
    fingerprints: createFingerprints(['key of the tests'], 'tests'),
    onEnded: (accountId) => Promise.resolve(ended.push(accountId)),
    issuer: 'http://localhost:3000',
  };
  const joining = createJoining(needs);
  const subjects = new Map<string, AssertedIdentity>();
  const author = ({ accountId, givenName, usualName, mailboxes }: JoiningPerson) =>
    ({ kind: 'applicant', accountId, givenName, usualName, email: mailboxes[0] ?? '' }) as const;
  const signIn = async (asserted: AssertedIdentity) => accounts.signIn({ ...asserted, authTime: clock() });
  return {
    room,
    needs,
    joining,
    declared: createDeclaredMemberships({ db, clock, ttlMs: 0 }),
    ended,
    author,
    async person(givenName, mailbox) {
      const asserted: AssertedIdentity = {
        idp: 'partenaires',
        issuer,
        subject: randomUUID(),
        email: mailbox,
        emailDomain: '',
        emailVerified: true,
        claims: { given_name: givenName, usual_name: 'Fictive' },
        acr: 'eidas1-mfa',
        idpAcr: undefined,
        amr: ['mail'],
        authTime: clock(),
        link: { level: 'declared', method: 'none' },
      };
      const { accountId } = await signIn(asserted);
      subjects.set(accountId, asserted);
      return {
        accountId,
        givenName,
        usualName: 'Fictive',
        mailboxes: [mailbox],
        provenNow: [mailbox],
        named: [],
      };
    },
    async signsInFor({ accountId }) {
      const asserted = subjects.get(accountId);
      if (asserted === undefined) throw new Error('nobody');
      return (await signIn(asserted)).memberships.map(
        ({ siret, level, method }) => `${siret} ${level} ${method}`,
      );
    },
    async represents(person, service = 'docs') {
      const file = await room.draft(author(person), [service]);
      await room.submit(file, author(person));
      const alice = operatorCalled('alice');
      await room.act(file, alice, { act: 'take' });
      await room.act(file, alice, {
        act: 'approve',
        service,
        terms: room.terms(),
        text: 'Mandat vérifié.',
      });
    },
    async mailsTo(address) {
      const rows = await db
        .selectFrom('mail')
        .select('text')
        .where('recipient', '=', address)
        .where('about', 'not like', 'registration:%')
        .orderBy('created_at')
        .orderBy(sql`xmin::text::bigint`)
        .execute();
      return rows.map(({ text }) => text);
    },
    async close() {
      territories.stop();
      await room.close();
    },
  };
}
