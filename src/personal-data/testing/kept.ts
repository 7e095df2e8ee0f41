import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { OperatorAtWork } from '../../appointments/appointments.ts';
import { somebody as operatorCalledSo } from '../../appointments/testing/somebody.ts';
import { appendAudit } from '../../audit/audit.ts';
import { createFingerprints } from '../../config/config.ts';
import type { Operator } from '../../declarations/declarations.ts';
import { createAccounts } from '../../identity/identity.ts';
import { createBounces } from '../../mail/mail.ts';
import { parseSiret } from '../../organizations/organizations.ts';
import { applicantOf, openRoomIn, operatorCalled } from '../../registrations/testing/room.ts';
import { createPersonalData } from '../personal-data.ts';
import type { PersonalData } from '../personal-data.ts';

export const anne = operatorCalled('anne');
export const bruno = operatorCalled('bruno');
/** As they come from the console. */
export const atWork = (id: string, more: Partial<Operator> = {}): OperatorAtWork => ({
  operator: operatorCalledSo(id, more),
  actor: { ...operatorCalled(id), sirens: [] },
});

/** People with everything that somebody may have here, on a database of their own. */
export async function openKept(databaseUrl: string | undefined) {
  const room = await openRoomIn(databaseUrl);
  /** Accounts whose sessions and tokens were ended, in order. */
  const ended: string[] = [];
  const personalData = createPersonalData({
    ...room.needs,
    registrations: room.registrations,
    inviting: { watch: () => Promise.resolve() },
    fingerprints: createFingerprints(['key of the tests'], 'tests'),
    bounces: createBounces(createFingerprints(['key of the tests'], 'bounces')),
    sessions: () => Promise.resolve([]),
    endAccess: (accountId) => Promise.resolve(void ended.push(accountId)),
  });

  const signIn = async (subject: string, email: string, emailVerified = true) => {
    const { db, clock } = room.needs;
    const siret = parseSiret('00000010900009');
    if (siret === undefined) throw new Error('no SIRET');
    return createAccounts({ db, clock, randomId: randomUUID }).signIn({
      idp: 'demo',
      issuer: 'https://idp.example',
      subject,
      email,
      emailDomain: 'asso.example',
      emailVerified,
      claims: { given_name: 'Camille', usual_name: 'Fictive' },
      siret,
      acr: 'eidas1',
      idpAcr: 'eidas1',
      amr: ['pwd'],
      authTime: clock(),
      link: { level: 'moderated', method: 'proof_received' },
    });
  };

  /** With everything that somebody may have here. */
  async function somebody(name: string) {
    const { db, clock } = room.needs;
    const own = `${name.toLowerCase()}@asso.example`;
    const signedIn = await signIn(`sub-${name}`, own);
    const { accountId } = signedIn;
    const applicant = { ...applicantOf(name), accountId, email: own };
    const draft = await room.draft(applicant);
    const sent = await room.draft(applicant);
    await room.submit(sent, applicant);
    await room.act(sent, anne, { act: 'note', text: 'Un doute sur le mandat.' });
    const membership = { siret: '00000010900009' };
    await db
      .insertInto('oidc_grant')
      .values({
        id: accountId.replaceAll('-', '').padEnd(43, 'x'),
        account_id: accountId,
        client_id: 'docs',
        payload: '{}',
        snapshot: JSON.stringify({ signIn: signedIn, membership }),
        expires_at: new Date(clock().getTime() + 3_600_000),
        revoked_at: null,
      })
      .execute();
    const sponsor = {
      sponsor_account_id: accountId,
      sponsor_name: `${name} Fictive`,
      sponsor_email: own,
      sponsor_siret: '00000010900009',
      sponsor_organization: 'AMD-FICTIF',
      service_id: 'tchap',
      reason: 'Préparer les réunions.',
      starts_on: '2026-11-01',
      ends_on: '2026-12-31',
      created_at: clock(),
    };
    const other = (await signIn(randomUUID(), 'agent@etat.example')).accountId;
    const guest = 'guest@asso.example';
    const [given, got] = [randomUUID(), randomUUID()];
    await db
      .insertInto('invitation')
      .values([
        {
          ...sponsor,
          id: given,
          address: `${name}-${guest}`.toLowerCase(),
          written_address: `${name}-${guest}`,
        },
        {
          ...sponsor,
          id: got,
          sponsor_account_id: other,
          sponsor_name: 'Paule Renaud',
          sponsor_email: 'agent@etat.example',
          address: own,
          written_address: own,
        },
      ])
      .execute();
    await record('invitation.send', `invitation:${given}`, `invitation:${got}`);
    return { accountId, applicant, draft, sent, given, got, address: own };
  }

  /** Nothing stands there that no act wrote. */
  const record = (act: string, ...subjects: readonly string[]) =>
    room.needs.db.transaction().execute((trx) =>
      appendAudit(
        trx,
        room.needs.clock(),
        subjects.map((subject) => ({ act, subject, actor: { kind: 'clock' } })),
      ),
    );

  /** Where a text stands, by column. */
  async function whereIs(text: string): Promise<readonly string[]> {
    const { rows } = await sql<{ name: string }>`
      select table_name as name from information_schema.tables
      where table_schema = 'public' and table_name <> 'schema_migration' order by 1`.execute(room.needs.db);
    const found = new Set<string>();
    for (const { name } of rows) {
      const kept = await sql<object>`select * from ${sql.table(name)}`.execute(room.needs.db);
      for (const row of kept.rows)
        for (const [column, value] of Object.entries(row))
          if (String(value).includes(text)) found.add(`${name}.${column}`);
    }
    return [...found].toSorted();
  }

  const everything = async (
    person: Parameters<PersonalData['export']>[0],
    format: 'json' | 'csv' = 'json',
  ) => {
    let text = '';
    const actor = { kind: 'clock' } as const;
    for await (const chunk of await personalData.export(person, format, { actor })) text += chunk;
    return text;
  };

  /** As an apply would. */
  const declare = async (...operators: readonly Operator[]) => {
    await room.needs.db
      .insertInto('declared_object')
      .values(
        operators.map((operator) => ({
          kind: 'operator' as const,
          id: operator.id,
          document: JSON.stringify(operator),
          digest: operator.id,
          updated_at: room.needs.clock(),
        })),
      )
      .execute();
    await record('declaration.add', ...operators.map(({ id }) => `operator:${id}`));
  };

  return { room, personalData, ended, signIn, somebody, declare, whereIs, everything };
}
