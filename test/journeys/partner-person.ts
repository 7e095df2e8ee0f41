/**
 * A person without an identity provider, in a browser of their own: types their address, reads the mail, types the code,
 * and whatever else they are asked.
 */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { TOTP } from 'otpauth';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser, Page, VisitOptions } from '../support/browser-session.ts';
import type { World } from '../support/world.ts';

export interface PartnerPerson {
  readonly browser: Browser;
  readonly email: string;
  /** On the page that asks for an address. */
  typeAddress(page: Page): Promise<Page>;
  /** The code of the last mail. */
  code(): Promise<string>;
  typeCode(page: Page, code?: string, options?: VisitOptions): Promise<Page>;
  /** Connects an application, and keeps the recovery codes: from the page that asks for a second factor to be made. */
  connectApplication(page: Page, options?: VisitOptions): Promise<Page>;
  /** What the application shows: the next code that was not used, at most one step ahead of the clock. */
  shown(): string;
  readonly recoveryCodes: readonly string[];
  text(page: Page): string;
  /** The same person, their application and their recovery codes, where nobody knows them. */
  inAnotherBrowser(): PartnerPerson;
}

/** @param clock that of the world */
export function createPartnerPerson(
  world: World,
  email: string,
  clock: () => Date,
  kept: { application?: TOTP; step: number; recoveryCodes: string[] } = { step: 0, recoveryCodes: [] },
): PartnerPerson {
  const browser = createBrowser();
  const { recoveryCodes } = kept;
  return {
    browser,
    email,
    recoveryCodes,
    typeAddress: (page) => browser.submitForm(page, { email }),
    code: () => lastCode(world, email),
    typeCode: async (page, code, options = {}) =>
      browser.submitForm(page, { code: code ?? (await lastCode(world, email)) }, options),
    async connectApplication(page, options = {}) {
      const form = await browser.click(page, 'application de codes');
      const [, secret = ''] = /<code>([A-Z2-7 ]+)<\/code>/.exec(form.body) ?? [];
      const application = new TOTP({ secret: secret.replaceAll(' ', '') });
      kept.application = application;
      kept.step = stepOf(clock());
      const totp = application.generate({ timestamp: clock().getTime() });
      const codes = await browser.submitForm(form, { totp });
      recoveryCodes.push(
        ...[...codes.body.matchAll(/<li><code>([^<]+)<\/code>/g)].map(([, one = '']) => one),
      );
      return browser.submitForm(codes, { kept: 'yes' }, options);
    },
    shown() {
      if (kept.application === undefined) throw new Error('no application yet');
      kept.step = Math.max(kept.step + 1, stepOf(clock()));
      return kept.application.generate({ timestamp: kept.step * 30_000 });
    },
    text: (page) => browser.text(page),
    inAnotherBrowser: () => createPartnerPerson(world, email, clock, kept),
  };
}

/** Codes change every 30 s (RFC 6238 §4.1). */
const stepOf = (at: Date): number => Math.floor(at.getTime() / 30_000);

/** The mails of an address, the newest first. */
export async function mailsTo({ broker }: World, email: string) {
  return broker.stores.db
    .selectFrom('mail')
    .select(['subject', 'text', 'about'])
    .where('recipient', '=', email)
    .orderBy('created_at', 'desc')
    .execute();
}

async function lastCode(world: World, email: string): Promise<string> {
  const mail = (await mailsTo(world, email)).find(({ about }) => about === 'code:sign_in');
  const [code] = /\b\d{4}\s?\d{4}\b/.exec(mail?.text ?? '') ?? [];
  if (code === undefined) throw new Error(`no code was sent to ${email}`);
  return code;
}

/** As if somebody who answers for the organization had confirmed them, or nobody had (`declared`). */
export async function joinOrganization(
  { broker, issuer }: World,
  email: string,
  { siret, level }: { readonly siret: string; readonly level: 'declared' | 'moderated' },
): Promise<void> {
  const { db } = broker.stores;
  const { account_id: account } = await db
    .selectFrom('identity')
    .innerJoin('partner_address', (join) =>
      join.on(sql`partner_address.partner_id::text`, '=', sql.ref('identity.subject')),
    )
    .select('account_id')
    .where('issuer', '=', issuer)
    .where('address', '=', email)
    .executeTakeFirstOrThrow();
  const now = new Date();
  await db
    .insertInto('joined_membership')
    .values({
      id: randomUUID(),
      account_id: account,
      siren: siret.slice(0, 9),
      siret,
      state: 'active',
      level,
      method: 'test',
      since: now,
      verified_at: now,
      is_external: false,
      rule: 'join.v1/test',
      asked_at: now,
      changed_at: now,
    })
    .execute();
}
