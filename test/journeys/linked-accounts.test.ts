// Issue C.4: a partner account, and the identity provider that its person's organization has later.
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { demoPeople } from '../../demo/people.ts';
import { accountSubject, personRecord } from '../../src/audit/audit.ts';
import type { AuditEntry } from '../../src/audit/audit.ts';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser, Page } from '../support/browser-session.ts';
import { createToolClient } from '../support/tool-client.ts';
import type { ToolClient } from '../support/tool-client.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { startTimeout } from './each-backend.ts';
import { createOperator } from './operator.ts';
import type { Operator } from './operator.ts';
import { createPartnerPerson, joinOrganization, mailsTo } from './partner-person.ts';
import type { PartnerPerson } from './partner-person.ts';

const dinum = '13002526500013';
const domain = 'atelier.example';
/** Of the provider that comes later; each test has a person of its own. */
const names = ['Ana', 'Bea', 'Cleo', 'Dora', 'Elsa'] as const;
/** Another person of the provider, to whom it gave the address of Dora. */
const namesake = 'Dora-2';
const emailOf = (name: string) => `${name.toLowerCase()}@${domain}`;

/** Of the demonstration. */
const idpName = 'Fournisseur d’identité de démonstration';

let world: World;
let operator: Operator;
let docs: ToolClient;
const clock = () => new Date();

beforeAll(async () => {
  const [model] = demoPeople;
  world = await startWorld({
    people: [
      ...demoPeople,
      ...[...names, namesake].map((name) => ({
        ...model,
        sub: `late-${name}`,
        given_name: name,
        email: emailOf(name === namesake ? 'Dora' : name),
        siret: dinum,
      })),
    ],
  });
  operator = await createOperator(world);
  docs = createToolClient(world, 'docs');
}, startTimeout);
afterAll(() => world.close());

beforeEach(() => operator.restore());
const providerComes = () =>
  operator.declare('identity_provider', 'demo', (idp) => ({
    ...idp,
    domains: [...z.array(z.string()).parse(idp['domains']), domain],
  }));

const at = (path: string) => `${world.issuer}${path}`;

/** Signs up here, and uses a tool: what it knows the person by. */
async function partner(name: string): Promise<{ readonly person: PartnerPerson; readonly sub: unknown }> {
  const person = createPartnerPerson(world, emailOf(name), clock);
  const naming = await person.typeCode(
    await person.typeAddress(await person.browser.get(at('/entrer?vers=/compte'))),
  );
  await person.browser.submitForm(naming, { given_name: name, usual_name: 'Atelier' });
  await joinOrganization(world, emailOf(name), { siret: dinum, level: 'moderated' });
  // A membership counts from the next sign-in on.
  const again = person.inAnotherBrowser();
  const attempt = docs.attempt();
  const code = await again.typeAddress(await again.browser.get(attempt.url, { redirects: docs.isCallback }));
  const end = await again.typeCode(code, undefined, { redirects: docs.isCallback });
  const { sub } = (await docs.tokens(attempt, docs.answer(attempt, end))).claims;
  return { person: again, sub };
}

/** Signs in at the provider, on the way to a page of ours. */
async function atProvider(browser: Browser, name: string, url: string, as = name): Promise<Page> {
  const redirects = docs.isCallback;
  const email = await browser.get(url, { redirects });
  const choice = email.body.includes('name="email"')
    ? await browser.submitForm(email, { email: emailOf(name) }, { redirects })
    : email;
  return choice.url.startsWith(`${world.idp}/interaction/`)
    ? browser.submitForm(choice, { person: `late-${as}` }, { redirects })
    : choice;
}

async function subjectAtProvider(name: string): Promise<unknown> {
  const browser = createBrowser();
  const attempt = docs.attempt();
  const end = await atProvider(browser, name, attempt.url);
  return (await docs.tokens(attempt, docs.answer(attempt, end))).claims.sub;
}

/** As it is read: without the signs that keep programs from making links. */
async function mailAbout(name: string, about: string): Promise<string> {
  const mail = (await mailsTo(world, emailOf(name))).find((one) => one.about === about);
  return mail?.text.replaceAll('\u2060', '') ?? '';
}

/** What the record of the account kept here says of a link, in order. */
async function recordOf(link: string): Promise<readonly AuditEntry[]> {
  const { db } = world.broker.stores;
  const { to_account_id: account } = await db
    .selectFrom('reconciliation')
    .select('to_account_id')
    .where('id', '=', link)
    .executeTakeFirstOrThrow();
  const entries: AuditEntry[] = [];
  for await (const entry of personRecord(db, account))
    if (entry.subject === accountSubject(account) && /^account\.(?:reconcile|separate)$/u.test(entry.act))
      entries.push(entry);
  return entries;
}

async function codeSent(name: string): Promise<string> {
  return /\b\d{4}\s?\d{4}\b/.exec(await mailAbout(name, 'code:reconcile'))?.[0] ?? 'none';
}

describe('a person who had an account here before their organization had a provider', () => {
  test('links both, keeps the sub that tools know, and takes it back', async () => {
    const { sub } = await partner('Ana');
    await providerComes();
    expect(await subjectAtProvider('Ana')).not.toBe(sub);
    const browser = createBrowser();
    const page = await atProvider(browser, 'Ana', at('/entrer?vers=/compte/relier'));
    for (const named of ['Ana Atelier', idpName, emailOf('Ana')]) expect(browser.text(page)).toContain(named);
    const form = await browser.submitForm(page, {}, { form: '/code' });
    for (const named of [idpName, emailOf('Ana')])
      expect(await mailAbout('Ana', 'code:reconcile')).toContain(named);
    const wrong = await browser.submitForm(form, { code: '0000 0000' });
    expect(wrong.status).toBe(422);
    expect(await subjectAtProvider('Ana')).not.toBe(sub);
    await browser.submitForm(form, { code: await codeSent('Ana') });
    expect(await subjectAtProvider('Ana')).toBe(sub);
    expect((await mailsTo(world, emailOf('Ana'))).map(({ subject }) => subject)).toContain(
      'Vos deux comptes sont reliés · Your two accounts are linked',
    );

    for (const named of [idpName, emailOf('Ana')])
      expect(await mailAbout('Ana', 'account:linked')).toContain(named);

    const linked = await atProvider(browser, 'Ana', at('/entrer?vers=/compte/relier'));
    const [, lien = ''] = /name="lien" value="([^"]+)"/.exec(linked.body) ?? [];
    expect(await recordOf(lien)).toMatchObject([{ act: 'account.reconcile' }]);
    await browser.submitForm(linked, { lien });
    expect(await subjectAtProvider('Ana')).not.toBe(sub);
    expect(await recordOf(lien)).toMatchObject([
      { act: 'account.reconcile' },
      { act: 'account.separate', after: { link: lien, idp: 'demo' } },
    ]);
  });

  test('proves the second factor of the former account as well', async () => {
    const { person, sub } = await partner('Bea');
    const security = await person.browser.get(at('/compte/securite/application'));
    const [, secret = ''] = /<code>([A-Z2-7 ]+)<\/code>/.exec(security.body) ?? [];
    const application = new TOTP({ secret: secret.replaceAll(' ', '') });
    const shown = (step: number) => application.generate({ timestamp: Date.now() + step * 30_000 });
    await person.browser.submitForm(security, { totp: shown(0), nom: 'Téléphone' });
    await providerComes();
    const browser = createBrowser();
    const page = await atProvider(browser, 'Bea', at('/entrer?vers=/compte/relier'));
    const form = await browser.submitForm(page, {}, { form: '/code' });
    const code = await codeSent('Bea');
    // Nobody who has not read the mailbox tries, or learns anything of, the second factor.
    const unread = await browser.submitForm(form, { code: '0000 0000', second: shown(1) });
    expect([unread.status, browser.text(unread)]).toEqual([
      422,
      expect.not.stringContaining('Recopiez celui que l’application'),
    ]);
    for (const second of ['', '000000', 'AAAA-BBBB-CC']) {
      expect((await browser.submitForm(form, { code, second })).status).toBe(422);
    }
    expect(await subjectAtProvider('Bea')).not.toBe(sub);
    await browser.submitForm(form, { code, second: shown(1) });
    expect(await subjectAtProvider('Bea')).toBe(sub);
  });

  test('links nothing without having asked for it: an address is no proof', async () => {
    const { sub } = await partner('Cleo');
    await providerComes();
    const browser = createBrowser();
    await atProvider(browser, 'Cleo', at('/entrer?vers=/compte/relier'));
    const answer = await browser.post(at('/compte/relier'), { code: '1234 5678' });
    expect(answer.status).toBe(422);
    expect(await subjectAtProvider('Cleo')).not.toBe(sub);
    const other = createBrowser();
    expect((await other.post(at('/compte/relier/code'), {})).url).toContain('/interaction/');
    expect(await codeSent('Cleo')).toBe('none');
  });

  test('finishes it as who began it, in the browser where it began', async () => {
    const { sub } = await partner('Dora');
    await providerComes();
    const relier = at('/entrer?vers=/compte/relier');
    const browser = createBrowser();
    await browser.submitForm(await atProvider(browser, 'Dora', relier), {}, { form: '/code' });
    const code = await codeSent('Dora');
    for (const who of ['Dora', namesake]) {
      const other = createBrowser();
      const page = await atProvider(other, 'Dora', relier, who);
      expect(other.text(page)).toContain('Dora Atelier');
      expect([who, (await other.post(at('/compte/relier'), { code })).status]).toEqual([who, 422]);
      expect(await subjectAtProvider('Dora')).not.toBe(sub);
    }
    await browser.post(at('/compte/relier'), { code });
    expect(await subjectAtProvider('Dora')).toBe(sub);
  });

  test('is led to nothing by an address for which the provider does not answer', async () => {
    await partner('Elsa');
    await operator.declare('identity_provider', 'demo', (idp) => ({
      ...idp,
      domains: [...z.array(z.string()).parse(idp['domains']), domain],
      any_siret: undefined,
      gives_organization: false,
      sirets: [],
    }));
    const browser = createBrowser();
    const page = await atProvider(browser, 'Elsa', at('/entrer?vers=/compte/relier'));
    expect(page.url).toBe(at('/compte/relier'));
    expect(browser.text(page)).not.toContain('Elsa Atelier');
    expect((await browser.post(at('/compte/relier/code'), {})).body).toContain('M-ACCT-002');
    expect(await codeSent('Elsa')).toBe('none');
  });
});
