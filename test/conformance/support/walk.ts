/**
 * The person of the certification in front of an HTML-only browser. As the suite's own browser does, it knows pages by
 * the names of their fields only, never by their words, and runs no script.
 */
import { formsOf } from '../../support/html-form.ts';
import type { HtmlForm } from '../../support/html-form.ts';
import type { Browser, Page } from '../../support/browser-session.ts';

export const person = { email: 'agent@etat.example', sub: 'agent-etat' } as const;

export type Asked = 'email' | 'person' | 'form_post' | 'logout';

export interface Walk {
  /** Where the walk ends: back at the client, or a page where nothing is asked. */
  readonly end: Page;
  /** What was asked on the way, in order. */
  readonly asked: readonly Asked[];
}

const longestWalk = 12;

const has = (form: HtmlForm, name: string): boolean =>
  form.fields.has(name) || form.choices.some((choice) => choice.name === name);

/** What a form asks, and the answer. */
function answerTo(
  form: HtmlForm,
  client: string,
): readonly [Asked, Readonly<Record<string, string>>] | undefined {
  if (has(form, 'email')) return ['email', { email: person.email }];
  if (has(form, 'person')) return ['person', { person: person.sub }];
  if (has(form, 'xsrf') && has(form, 'logout')) return ['logout', { logout: 'yes' }];
  if (form.method === 'POST' && form.action.startsWith(client)) return ['form_post', {}];
  return undefined;
}

/** @param client origin of the client, where the walk ends */
export async function walk(browser: Browser, start: Page, client: string): Promise<Walk> {
  const asked: Asked[] = [];
  let page = start;
  while (asked.length < longestWalk && !page.url.startsWith(client)) {
    const forms = formsOf(page.body, page.url);
    const rank = forms.findIndex((form) => answerTo(form, client) !== undefined);
    const form = forms[rank];
    const answer = form === undefined ? undefined : answerTo(form, client);
    if (answer === undefined) break;
    asked.push(answer[0]);
    page = await browser.submitForm(page, answer[1], { form: rank });
  }
  return { end: page, asked };
}

/** Whether somebody had to say who they are. */
export const signedIn = ({ asked }: Pick<Walk, 'asked'>): boolean =>
  asked.includes('email') || asked.includes('person');
