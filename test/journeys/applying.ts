/** What an association does to ask for a service, for the journeys that begin there. */
import { alice } from '../../src/registrations/testing/people.ts';
import { letterDigest } from '../../src/registrations/registrations.ts';
import type { Act, OperatorActor } from '../../src/registrations/registrations.ts';
import type { Page } from '../support/browser-session.ts';
import type { World } from '../support/world.ts';
import { people } from './visitor.ts';
import type { Visitor } from './visitor.ts';

export const numberIn = (page: Page): string => /D-\d{2}-[0-9A-Z]{8}/.exec(page.url)?.[0] ?? 'no number';

const contacts = {
  'dataProtection-name': 'Samir Benali',
  'dataProtection-email': 'samir@asso.example',
  'security-name': 'Samir Benali',
  'security-email': 'samir@asso.example',
};

export function applying(world: () => World) {
  const at = (path = '') => `${world().issuer}/demandes${path}`;

  /** Signed in on `/demandes`, as themselves. */
  async function enter(who: Visitor, email: (typeof people)[keyof typeof people], query = ''): Promise<Page> {
    const start = await who.browser.get(at(query));
    return who.identify(await who.browser.click(start, 'Se connecter'), email);
  }

  /** A form with documents, as a browser sends it from our own page. */
  async function upload(
    who: Visitor,
    url: string,
    fields: Readonly<Record<string, string>>,
    files: readonly { readonly field: string; readonly name: string; readonly bytes: Buffer }[],
  ): Promise<{ status: number; body: string; location: string | null }> {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    for (const { field, name, bytes } of files) form.append(field, new Blob([new Uint8Array(bytes)]), name);
    const answer = await fetch(url, {
      method: 'POST',
      body: form,
      redirect: 'manual',
      headers: {
        cookie: (await who.browser.cookies(url)).join('; '),
        'sec-fetch-site': 'same-origin',
        accept: 'text/html',
      },
    });
    return { status: answer.status, body: await answer.text(), location: answer.headers.get('location') };
  }

  /** To the review page, with what each step asks for. */
  async function fillIn(who: Visitor, service = 'docs'): Promise<Page> {
    const { browser } = who;
    const start = await enter(who, people.association);
    let page = await browser.submitForm(start, {}, { form: '/demandes' });
    page = await browser.submitForm(page, { organization: '000000406' });
    page = await browser.click(page, 'Continuer avec cette organisation');
    page = await browser.submitForm(page, {
      'acting-capacity': 'trésorier',
      'acting-mandateUntil': '31/12/2035',
    });
    page = await browser.submitForm(page, {
      services: service,
      [`services-${service}-why`]: 'Écrire nos comptes rendus avec la mairie.',
      [`services-${service}-users`]: '12',
      [`services-${service}-termsAcceptedAt`]: 'oui',
    });
    page = await browser.submitForm(page, { purpose: 'Le sport pour tous, avec la commune.' });
    page = await browser.click(page, 'Continuer');
    return browser.submitForm(page, contacts);
  }

  async function sendIn(who: Visitor): Promise<string> {
    const receipt = await who.browser.submitForm(await fillIn(who), { declaredAt: 'oui' });
    if (receipt.status !== 200) throw new Error(`the request was not sent: ${receipt.status}`);
    return numberIn(receipt);
  }

  /** As an operator of the console would. */
  async function operate(id: string, act: Act, actor: OperatorActor = alice): Promise<void> {
    const { registrations } = world().broker;
    const opened = await registrations.forOperator(id);
    if (opened === undefined) throw new Error(`no file ${id}`);
    const letter = registrations.preview(opened, actor, act);
    await registrations.act({
      id,
      seen: opened.file.version,
      actor,
      act,
      letterSha256: letter === undefined ? undefined : letterDigest(letter),
    });
  }

  return { at, enter, upload, fillIn, sendIn, operate };
}
