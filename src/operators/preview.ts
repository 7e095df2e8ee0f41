import { explain } from '../eligibility/eligibility.ts';
import { language } from '../http/http.ts';
import type { OperatorLivePage, OperatorPreviewPage } from '../http/http.ts';
import { letterDigest, representation, transition } from '../registrations/registrations.ts';
import type { Act, Opened, RegistrationFile, Representative } from '../registrations/registrations.ts';
import { actFields, fieldWords } from './act-forms.ts';
import type { ActForm } from './act-forms.ts';
import { boundsOf, readAct } from './acts.ts';
import type { FieldProblem } from './acts.ts';
import { fileHref, queryOf } from './addresses.ts';
import { claimAfter, fileAfter } from './after.ts';
import { showFile } from './file-page.ts';
import { serviceName } from './file-words.ts';
import type { AskedOfFile } from './route.ts';
import { isStale } from './stale.ts';

/** Acts that change what tools are told, and those of them that close something. */
const changing: readonly Act['act'][] = [
  'approve',
  'reinstate',
  'decide_appeal',
  'suspend',
  'suspend_urgently',
  'propose',
  'confirm',
];
const closing: readonly Act['act'][] = ['suspend', 'suspend_urgently', 'propose', 'confirm'];

/** What an act would do, told before anybody does it. */
export type Previewed =
  | { readonly kind: 'problems'; readonly problems: readonly FieldProblem[] }
  | { readonly kind: 'stale' }
  | { readonly kind: 'shown'; readonly model: OperatorPreviewPage };

/** The letter word for word, what tools will be told, and how many people it concerns. Nothing is sent yet. */
export async function showPreview(asked: AskedOfFile, form: ActForm): Promise<void> {
  const previewed = await previewOf(asked, form);
  if (previewed.kind === 'shown') {
    const options = { formsStayHere: true, languageHref: '' };
    asked.needs.http.renderPage(asked.ctx, 'operator-preview', previewed.model, options);
    return;
  }
  const problems = previewed.kind === 'problems' ? previewed.problems : [];
  await showFile(asked, { form, problems, stale: previewed.kind === 'stale' });
}

/** The same for the script of the page of the file, which asks while somebody writes: it reads, and keeps nothing. */
export async function showLivePreview(asked: AskedOfFile, form: ActForm): Promise<void> {
  const { ctx, me, needs } = asked;
  const previewed = await previewOf(asked, form);
  const model: OperatorLivePage = {
    console: needs.frame(me, 'todo'),
    fields:
      previewed.kind === 'problems'
        ? previewed.problems.map(({ field, code }) => ({ name: fieldWords(form, field), problem: code }))
        : [],
    stale: previewed.kind === 'stale',
    shown: previewed.kind === 'shown' ? previewed.model : undefined,
  };
  needs.http.renderPage(ctx, 'operator-live', model, { formsStayHere: true, languageHref: '' });
}

async function previewOf(asked: AskedOfFile, form: ActForm): Promise<Previewed> {
  const { ctx, me, needs, form: sent, opened } = asked;
  const { file, organization, held } = opened;
  const read = readAct(form, sent, boundsOf(opened, me.today));
  if (read.kind === 'problems') return read;
  const { act } = read;
  if (isStale(asked, form)) return { kind: 'stale' };
  const after = fileAfter(opened, me.actor, act, needs.clock());
  const letter = needs.registrations.preview(opened, me.actor, act);
  const service = 'service' in act ? act.service : undefined;
  const lang = language(ctx);
  const isChanging = service !== undefined && changing.includes(act.act);
  const claim = isChanging
    ? await claimAfter(needs, opened, confirmed(asked, after, act), service)
    : undefined;
  const opens = !closing.includes(act.act);
  const impact = isChanging
    ? await needs.registrations.impact(organization?.siren, opens ? undefined : [service])
    : undefined;
  const made = representativeMade(opened, act, after, me.today);
  const here = `${needs.basePath}/operateur/dossiers/${file.id}`;
  const query = queryOf(sent);
  const names: readonly string[] = ['service', 'vu', 'q', ...actFields];
  const model: OperatorPreviewPage = {
    console: needs.frame(me, 'todo'),
    id: file.id,
    name: organization?.name ?? held.organizationName ?? file.id,
    slug: form.slug,
    service: service && serviceName(needs.snapshot(), service, lang),
    letter,
    proposal: act.act === 'propose',
    claim: claim && {
      answer: claim.decision.decision === 'deny' ? 'no' : claim.decision.level === 'guest' ? 'guest' : 'yes',
      summary: explain(claim.decision, lang).summary,
      json: JSON.stringify(claim.claims, null, 2),
      from:
        claim.decision.decidedAt > needs.clock() && act.act === 'approve' ? act.terms.startsOn : undefined,
    },
    mandateEndsOn: mandateExceeded(opened, act),
    representative: made && representativeWords(made),
    alsoRepresented: made && (await othersThan(made, asked)).map(representativeWords),
    nobodyCan: isChanging && claim === undefined,
    noSiren: isChanging && opens && organization !== undefined && organization.siren === undefined,
    impact: impact && {
      opens,
      people: impact.people,
      sessions: impact.sessions,
      grants: impact.grants,
      tools: impact.clients,
      more: impact.more,
      on: laterDay(opened.file, act, me.today),
    },
    action: `${here}/actes/${form.slug}`,
    changeAction: `${here}/reprendre/${form.slug}`,
    hidden: [
      ...[...sent]
        .filter(([name]) => names.includes(name))
        // What is confirmed is what is shown here, of the file as it is here.
        .map(([name, value]) => ({ name, value: name === 'vu' ? String(file.version) : value })),
      ...(letter === undefined ? [] : [{ name: 'lettre', value: letterDigest(letter) }]),
    ],
    fileHref: fileHref(needs.basePath, file.id, query),
  };
  return { kind: 'shown', model };
}

/** The day from which the organization gives its right up, when that is to come. */
function laterDay({ requests }: RegistrationFile, act: Act, today: string): string | undefined {
  const proposal =
    act.act === 'propose'
      ? act.proposal
      : act.act === 'confirm'
        ? requests.find(({ service }) => service === act.service)?.proposed?.proposal
        : undefined;
  return proposal?.decision === 'renounce' && proposal.from > today ? proposal.from : undefined;
}

/** What is proposed is shown as it will be once somebody else has agreed. */
function confirmed({ me, needs, opened }: AskedOfFile, after: RegistrationFile, act: Act): RegistrationFile {
  if (act.act !== 'propose') return after;
  const actor = { ...me.actor, id: `${me.actor.id} (somebody else)`, sirens: [], accountId: undefined };
  const agreed = transition(
    after,
    { actor, act: { act: 'confirm', service: act.service }, at: needs.clock() },
    opened.circumstances,
  );
  return agreed.kind === 'done' ? agreed.file : after;
}

/** Who represents the organization once this is done, and does not yet: a right beside the one that is opened. */
function representativeMade(
  { file, held, content }: Opened,
  act: Act,
  after: RegistrationFile,
  today: string,
): Representative | undefined {
  const startsOn = 'terms' in act ? act.terms?.startsOn : undefined;
  if (startsOn === undefined) return undefined;
  const on = startsOn > today ? startsOn : today;
  const of = { siren: held.siren, content };
  return representation(file, of, on) === undefined ? representation(after, of, on) : undefined;
}

/** Who else represents it now, within the perimeter: a new board stands beside the former one, until that one's day. */
const othersThan = async (
  { siren, accountId }: Representative,
  { me, needs }: Pick<AskedOfFile, 'me' | 'needs'>,
): Promise<readonly Representative[]> =>
  (await needs.members.representativesOf(siren, me.operator.perimeter?.services)).filter(
    (one) => one.accountId !== accountId,
  );

const representativeWords = ({ givenName, usualName, capacity, until }: Representative) => ({
  name: `${givenName} ${usualName}`.trim(),
  capacity,
  until,
});

/** The last day of the mandate of who asks, when the right would outlive it: a warning, for whoever decides to weigh. */
function mandateExceeded({ content }: AskedOfFile['opened'], act: Act): string | undefined {
  const terms = act.act === 'approve' || act.act === 'decide_appeal' ? act.terms : undefined;
  const { mandateUntil } = content.acting;
  if (terms === undefined || !/^\d{4}-\d{2}-\d{2}$/u.test(mandateUntil)) return undefined;
  return terms.endsOn > mandateUntil ? mandateUntil : undefined;
}
