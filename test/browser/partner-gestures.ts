/** What somebody without an identity provider does in Chromium: types an address, reads the mails, uses a passkey or a telephone. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TOTP } from 'otpauth';
import type { BrowserContext, BrowserContextOptions, CDPSession, Page } from 'playwright-core';
import { expect } from 'vitest';
import { z } from 'zod';
import { violations } from './axe.ts';
import { wayOf } from './journey-visit.ts';
import type { Stage, Tool, Way } from './journey-visit.ts';
import { picture } from './picture.ts';

/** A platform authenticator, as those of telephones and computers: it keeps passkeys, and verifies their owner. */
export interface Authenticator {
  passkeys(): Promise<readonly { readonly isResidentCredential: boolean; readonly signCount: number }[]>;
  /** Whether its owner is recognized. */
  recognizes(owner: boolean): Promise<void>;
  /** Whether it answers without being asked twice: what stands beside the field of a page then signs in at once. */
  answersAtOnce(atOnce: boolean): Promise<void>;
  /** The device is gone, with all it kept. */
  lose(): Promise<void>;
}

export async function authenticatorOf(page: Page): Promise<Authenticator> {
  const session: CDPSession = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable', { enableUI: false });
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    passkeys: async () => (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    async recognizes(isUserVerified) {
      await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
    },
    async answersAtOnce(enabled) {
      await session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
    },
    async lose() {
      await session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId });
    },
  };
}

export interface MailRead {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface PartnerInChromium {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly way: Way;
  readonly email: string;
  /** To one of our own pages, by the sign-in. */
  readonly enter: (path?: string, query?: string) => Promise<void>;
  /** On the page of a code: reads the mail (to their own address when none is named), types what it says. */
  readonly typeCode: (to?: string) => Promise<void>;
  /** By address and code, to where a second factor is asked for, if there is one. */
  readonly signIn: (path?: string, query?: string) => Promise<void>;
  /** On the page that asks for the name of a newcomer. */
  readonly giveName: (givenName: string, usualName: string) => Promise<void>;
  /** Mails to these addresses (their own when none is named) that were not read yet, the oldest first; codes apart. */
  readonly newMails: (...to: readonly string[]) => Promise<readonly MailRead[]>;
  /** On the page that links an application: keeps its key. @returns the code that it shows at an instant */
  readonly scanKey: () => Promise<(at: number) => string>;
  /** On a page that shows recovery codes. */
  readonly recoveryCodes: () => Promise<readonly string[]>;
  /** What a demo tool was told. */
  readonly told: (tool: Tool) => Promise<z.output<typeof toldSchema>>;
}

const claims = z.record(z.string(), z.unknown());
const toldSchema = z.object({ signed_in: z.boolean(), id_token: claims, userinfo: claims });

const codeSubject = /^(?:Votre code|Confirmez votre adresse)/;

/** A browser of their own, where nobody has been yet. */
export async function partnerAt(
  stage: Stage,
  email: string,
  options?: BrowserContextOptions,
): Promise<PartnerInChromium> {
  const { world } = stage;
  const visit = await stage.visit(options);
  const { page, context } = visit;
  const way = wayOf(page, world);
  const mailbox = await visit.tab();
  const read = new Set<string>();

  /** The newest first. */
  const listed = async (whose: readonly string[]) => {
    await mailbox.goto(`${world.issuer}/dev/mailbox`);
    const lines = await Promise.all(
      (await mailbox.locator('main li').all()).map(async (line) => ({
        href: (await line.getByRole('link').getAttribute('href')) ?? '',
        subject: (await line.getByRole('link').textContent()) ?? '',
        to: (await line.locator('strong').textContent()) ?? '',
      })),
    );
    return lines.filter(({ to, href }) => whose.includes(to) && !read.has(href));
  };
  const open = async ({
    href,
    subject,
    to,
  }: Awaited<ReturnType<typeof listed>>[number]): Promise<MailRead> => {
    read.add(href);
    await mailbox.goto(new URL(href, world.issuer).href);
    return { to, subject, text: await wayOf(mailbox, world).text('pre') };
  };
  /** A passkey answers only where the person is. */
  const comeBack = () => page.bringToFront();

  const enter: PartnerInChromium['enter'] = async (path = '/compte', query = '') => {
    await page.goto(`${world.issuer}/entrer?vers=${path}${query}`);
  };
  const typeCode: PartnerInChromium['typeCode'] = async (to = email) => {
    const newest = (await listed([to])).find(({ subject }) => codeSubject.test(subject));
    const { text } = newest === undefined ? { text: '' } : await open(newest);
    await comeBack();
    const [code = 'no code'] = /\b\d{4} ?\d{4}\b/.exec(text) ?? [];
    await page.locator('#code').fill(code);
    await way.press('Continuer');
  };

  return {
    page,
    context,
    way,
    email,
    enter,
    async newMails(...to) {
      const mails: MailRead[] = [];
      for (const one of (await listed(to.length === 0 ? [email] : to)).toReversed())
        if (!codeSubject.test(one.subject)) mails.push(await open(one));
      await comeBack();
      return mails;
    },
    typeCode,
    async signIn(path, query) {
      await enter(path, query);
      await way.giveAddress(email);
      await typeCode();
    },
    async giveName(givenName, usualName) {
      await page.getByLabel('Prénom').fill(givenName);
      await page.getByLabel('Nom d’usage').fill(usualName);
      await way.press('Créer mon compte');
    },
    async scanKey() {
      const secret = (await way.text('.code-block')).replaceAll(/\s/g, '');
      const application = new TOTP({ secret });
      return (at) => application.generate({ timestamp: at });
    },
    recoveryCodes: () => page.locator('li code').allTextContents(),
    async told(tool) {
      const answer = await page.request.get(`${world.tools}/${tool}/session.json`);
      return toldSchema.parse(await answer.json());
    },
  };
}

export type MailExpected = readonly [subject: string, sentence: string];

/** Of each mail, whatever their order (those of one act are of one instant): how its subject begins, and what it says. */
export function expectMails(mails: readonly MailRead[], ...expected: readonly MailExpected[]): void {
  const found = mails.toSorted((one, other) => order.compare(one.subject, other.subject));
  const wanted = expected.toSorted(([one], [other]) => order.compare(one, other));
  expect(found.map(({ subject }) => subject)).toEqual(
    wanted.map(([subject]): unknown => expect.stringContaining(subject)),
  );
  wanted.forEach(([, sentence], at) => expect(found[at]?.text).toContain(sentence));
}

const order = new Intl.Collator('fr');

const artifacts = fileURLToPath(new URL('../artifacts/partners/', import.meta.url));

/** Each page is looked at once, as it comes: axe finds nothing, nothing is wider than a telephone, and it leaves a picture. */
export function createLook(): (page: Page, name: string) => Promise<void> {
  const seen = new Set<string>();
  mkdirSync(artifacts, { recursive: true });
  return async (page, name) => {
    if (seen.has(name)) return;
    seen.add(name);
    expect(await violations(page), name).toEqual([]);
    await picture(page, `${artifacts}${name}.png`);
  };
}
