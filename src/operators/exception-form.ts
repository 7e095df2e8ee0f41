import type { Context } from 'koa';
import type { CorrectionKind, CorrectionShown } from '../corrections/corrections.ts';
import { BrokerError } from '../errors/errors.ts';
import { language } from '../http/http.ts';
import type { ExceptionsOfOrganization, OperatorExceptionPages } from '../http/http.ts';
import { organizationTypeLabel, organizationTypes } from '../organizations/organizations.ts';
import { decidingFacts } from '../register/register.ts';
import type { CorrectableFact } from '../register/register.ts';
import { isForAllServices } from './corrector.ts';
import { assertForAll } from './exceptions.ts';
import { standingOf } from './exceptions-standing.ts';
import {
  correctPath,
  effectShown,
  endPath,
  exceptionFact,
  exceptionLine,
  exceptionPath,
  factOfWord,
  factSaid,
} from './exception-words.ts';
import { organizationForm, organizationPage, parameter } from './route.ts';
import type { AskedOfOrganization, Route } from './route.ts';

/*
 * An exception is proposed from the page of its organization: what a fact is, against the registers, or that a correction
 * ends. Whoever ends one reads first what it closes, and whether it does so at once.
 */

type Page = OperatorExceptionPages['operator-exception-form'];
const longestReason = 2000;

interface Sent {
  readonly errors: Page['errors'];
  readonly stale: boolean;
  /** Somebody proposed first. */
  readonly second: boolean;
}
const nothingSent: Sent = { errors: [], stale: false, second: false };

/** @throws BrokerError M-FILE-001 for what is no such fact, M-FILE-006 within some services only */
async function factOf(asked: AskedOfOrganization): Promise<CorrectableFact> {
  await assertForAll(asked, 'fact.correct');
  const word = parameter(asked.ctx, 'fait');
  const fact = factOfWord(word);
  if (fact === undefined) throw new BrokerError('M-FILE-001', { detail: `no fact ${word.slice(0, 80)}` });
  // Told before anything is written, not after.
  if (await asked.needs.corrections.isOwn(asked.organization.id, asked.me))
    throw new BrokerError('M-FILE-005', { detail: `${asked.me.operator.id}: fact.correct` });
  return fact;
}

/** As typed; which values are right is the register's to say. Undefined: nothing was chosen. */
function valueOf(fact: CorrectableFact, form: URLSearchParams): unknown {
  const text = (form.get('valeur') ?? '').trim();
  if (fact === 'publicService') {
    if (text !== 'oui') return text === 'non' ? { public: false, facets: [] } : undefined;
    return { public: true, facets: form.getAll('nature') };
  }
  if (text === '') return undefined;
  if (fact === 'rna') return text.toLowerCase() === 'aucun' ? null : text.toUpperCase();
  if (fact === 'commune') return text.toUpperCase();
  if (fact === 'population') return /^[0-9]{1,9}$/.test(text) ? Number(text) : text;
  return text;
}

const reasonIn = (form: URLSearchParams): string => (form.get('motif') ?? '').replaceAll('\r\n', '\n').trim();

/** What it would do; undefined when the register refuses the value. */
async function shownOf(
  { me, needs, organization }: AskedOfOrganization,
  asked: { readonly kind: CorrectionKind; readonly fact: CorrectableFact; readonly value?: unknown },
): Promise<CorrectionShown | undefined> {
  try {
    // The reason is not what is looked at here.
    return await needs.corrections.show({ ...asked, organization: organization.id, reason: '–', by: me });
  } catch (error) {
    if (error instanceof BrokerError && error.code === 'M-REGI-001') return undefined;
    throw error;
  }
}

const show =
  (kind: CorrectionKind) =>
  async (asked: AskedOfOrganization, sent: Sent = nothingSent): Promise<void> => {
    const fact = await factOf(asked);
    const { ctx, me, needs, form, organization } = asked;
    const lang = language(ctx);
    const shown = kind === 'end' ? await shownOf(asked, { kind, fact }) : undefined;
    if (kind === 'end' && shown === undefined)
      throw new BrokerError('M-REGI-008', { detail: `${fact} of ${organization.id} is not corrected` });
    const [word, hasErrors] = [exceptionFact(fact), sent.errors.length > 0];
    const path = kind === 'end' ? endPath(organization.id, word) : correctPath(organization.id, word);
    const now = shown?.foreseen ?? (await needs.corrections.now(organization.id, fact));
    const model: Page = {
      console: needs.frame(me, 'organizations'),
      backHref: `${needs.basePath}/operateur/organisations/${encodeURIComponent(organization.id)}`,
      organization: organization.name,
      act: kind,
      fact: word,
      before: factSaid(fact, now, lang),
      action: `${needs.basePath}${path}`,
      effect: shown && (await effectShown(shown, needs, lang)),
      nobodyCan: shown !== undefined && shown.effect === undefined,
      atOnce: shown?.atOnce === true,
      waitingHref: await waitingHref(asked, fact),
      seen: shown?.digest,
      stale: sent.stale,
      types:
        fact === 'type'
          ? organizationTypes
              .filter((type) => type !== 'unknown')
              .map((type) => ({ value: type, label: organizationTypeLabel(type, lang) }))
          : [],
      typed: {
        value: (form.get('valeur') ?? '').slice(0, 200),
        facets: form.getAll('nature'),
        reason: (form.get('motif') ?? '').slice(0, longestReason),
      },
      errors: sent.errors,
    };
    needs.http.renderPage(ctx, 'operator-exception-form', model, {
      formsStayHere: true,
      ...((hasErrors || sent.stale || sent.second) && { status: hasErrors ? 422 : 409, languageHref: '' }),
    });
  };

const send =
  (kind: CorrectionKind) =>
  async (asked: AskedOfOrganization): Promise<void> => {
    const fact = await factOf(asked);
    const { ctx, me, needs, form, organization } = asked;
    const reason = reasonIn(form);
    const value = kind === 'correct' ? valueOf(fact, form) : undefined;
    const isReadable =
      kind === 'end' || (value !== undefined && (await shownOf(asked, { kind, fact, value })) !== undefined);
    const errors: Page['errors'] = [
      ...(isReadable ? [] : (['valeur'] as const)),
      ...(reason === '' || reason.length > longestReason ? (['motif'] as const) : []),
    ];
    if (errors.length > 0) {
      await show(kind)(asked, { ...nothingSent, errors });
      return;
    }
    const what = { kind, fact, reason, organization: organization.id, by: me };
    try {
      const done = await needs.corrections.propose({
        ...what,
        ...(kind === 'correct' ? { value } : { seen: form.get('vu') ?? '' }),
      });
      ctx.status = 303;
      ctx.redirect(
        done.kind === 'proposed'
          ? `${needs.basePath}${exceptionPath(done.id)}?fait=proposer`
          : `${needs.basePath}/operateur/organisations/${encodeURIComponent(organization.id)}?fait=levee`,
      );
    } catch (error) {
      const code = error instanceof BrokerError ? error.code : undefined;
      if (code === 'M-REGI-001' && kind === 'end')
        throw new BrokerError('M-REGI-008', { detail: `${fact} of ${organization.id}`, cause: error });
      // The page says that somebody was first, and where.
      if (code !== 'M-REGI-005' && code !== 'M-REGI-006') throw error;
      await show(kind)(asked, { errors: [], stale: code === 'M-REGI-005', second: code === 'M-REGI-006' });
    }
  };

async function waitingHref(
  { needs, organization }: AskedOfOrganization,
  fact: CorrectableFact,
): Promise<string | undefined> {
  const waiting = (await needs.corrections.list(organization.id)).find(
    (one) => one.state === 'proposed' && one.fact === fact,
  );
  return waiting && `${needs.basePath}${exceptionPath(waiting.id)}`;
}

/** For the page of the organization; undefined for whoever decides on no exception, or on none of this organization. */
export async function exceptionsOf({
  ctx,
  me,
  needs,
  organization,
}: AskedOfOrganization): Promise<ExceptionsOfOrganization | undefined> {
  const { corrections, basePath } = needs;
  if (!me.mayAnywhere('fact.correct') || !isForAllServices(me.operator)) return undefined;
  if (await corrections.isOwn(organization.id, me)) return undefined;
  const { id, name } = organization;
  const proposals = await corrections.list(id);
  const waiting = proposals.filter(({ state }) => state === 'proposed');
  return {
    standing: await standingOf(organization, proposals, { needs, lang: language(ctx) }),
    waiting: waiting.map((one) => exceptionLine(one, name, basePath)),
    correct: decidingFacts.map((fact) => ({
      fact: exceptionFact(fact),
      href: `${basePath}${correctPath(id, exceptionFact(fact))}`,
    })),
  };
}

const kinds = [
  { kind: 'correct', slug: 'corriger' },
  { kind: 'end', slug: 'lever' },
] as const;
const here = (slug: string) => (ctx: Context) =>
  `/operateur/organisations/${encodeURIComponent(parameter(ctx, 'id'))}/${slug}/${encodeURIComponent(parameter(ctx, 'fait'))}`;

export const exceptionFormRoutes: readonly Route[] = kinds.flatMap(({ kind, slug }) => {
  const path = `/operateur/organisations/:id/${slug}/:fait`;
  return [
    organizationPage({ path, action: 'fact.correct', answer: (asked) => show(kind)(asked) }),
    organizationForm({
      path,
      action: 'fact.correct',
      sensitive: true,
      formPage: here(slug),
      answer: send(kind),
    }),
  ];
});
