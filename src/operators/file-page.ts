import { daysBetween } from '../eligibility/eligibility.ts';
import { language } from '../http/http.ts';
import type { OperatorFilePage } from '../http/http.ts';
import { organizationTypeLabel } from '../organizations/organizations.ts';
import { isOwn, lackingReceipt, silenceDayOf } from '../registrations/registrations.ts';
import type { Opened } from '../registrations/registrations.ts';
import { fileHref, queryOf, queueHref, usualQuery } from './addresses.ts';
import type { ActForm } from './act-forms.ts';
import { actTold } from './act-told.ts';
import type { FieldProblem } from './acts.ts';
import { openingFacts, signInDoubts, signInFacts } from './applicant-facts.ts';
import { chosenOf, formShown, offeredTo, requestShown } from './file-decision.ts';
import type { Offered } from './file-decision.ts';
import {
  besideFacts,
  declaredFacts,
  evidenceShown,
  missingKinds,
  registerDoubts,
  registerFacts,
  waitingForAnother,
} from './file-facts.ts';
import { timelineOf } from './file-timeline.ts';
import { ageOf, isExamined, operatorName, personName, serviceName, toneOf } from './file-words.ts';
import { reviewFacts } from './review-facts.ts';
import type { AskedOfFile } from './route.ts';
import { similarWithin } from './similar-within.ts';
import { seenIn } from './stale.ts';

/** Something that was sent and has to be put right: the page comes back with it. */
export interface SentBack {
  readonly form: ActForm;
  readonly problems: readonly FieldProblem[];
  /** The file changed since the page was read: nothing was done. */
  readonly stale?: boolean;
  /** The letter is not the one that was read any more: nothing was sent. */
  readonly unread?: boolean;
  /** The register says something else than what was marked as seen. */
  readonly moved?: boolean;
}

/** `/operateur/dossiers/:id`: what is known, the decision, what has happened. */
export async function showFile(asked: AskedOfFile, back?: SentBack): Promise<void> {
  const { ctx, me, needs, form: sent, opened, target } = asked;
  const { basePath, http } = needs;
  const { file, organization, circumstances, held } = opened;
  const lang = language(ctx);
  const given = new URLSearchParams(ctx.querystring);
  const query = queryOf(sent.has('q') ? sent : given);
  const now = needs.clock();
  const offered = offeredTo(me, opened, target, now);
  const current = chosenOf(offered, {
    slug: back?.form.slug ?? sent.get('acte') ?? given.get('acte') ?? undefined,
    service: sent.get('service') ?? given.get('service') ?? undefined,
  });
  const [similar, signedIn, impact] = await Promise.all([
    similarWithin(asked),
    signInFacts(opened, {
      organizationName: needs.organizationName,
      idpName: (id) => needs.snapshot().identityProviders.get(id)?.name,
    }),
    current?.form.act === 'approve' ? needs.registrations.impact(organization?.siren) : undefined,
  ]);
  const name = (id: string) => serviceName(needs.snapshot(), id, lang);
  const dueOn = silenceDayOf(file, circumstances.silence);
  const wait = dueOn === undefined ? undefined : daysBetween(me.today, dueOn);
  const here = `${basePath}/operateur/dossiers/${file.id}`;
  const direct = (slug: string): string | undefined =>
    offered.some(({ form }) => form.slug === slug) ? `${here}/actes/${slug}` : undefined;
  const timeline = timelineOf(opened, {
    hrefOf: (letter) => `${here}/courriers/${letter}`,
    posts: me.may('file.examine', target),
    service: name,
    operator: (id) => operatorName(needs.snapshot(), id),
    lang,
  });
  const states = new Set(file.requests.map(({ state }) => state));
  const model: OperatorFilePage = {
    console: needs.frame(me, 'todo'),
    id: file.id,
    name: organization?.name ?? held.organizationName ?? file.id,
    type: organization && organizationTypeLabel(organization.type, lang),
    organizationHref:
      held.organization !== undefined && me.mayAnywhere('organization.read')
        ? `${basePath}/operateur/organisations/${encodeURIComponent(held.organization)}`
        : undefined,
    states: (states.size === 1 ? file.requests.slice(0, 1) : file.requests).map(({ service, state }) => ({
      ...(states.size === 1 ? {} : { service: name(service) }),
      state,
      tone: toneOf(state),
    })),
    dueOn,
    late: wait !== undefined && wait < 0 ? -wait : undefined,
    age: isExamined(file)
      ? ageOf(file.receivedOn, me.today, needs.registrations.examinationTargetDays)
      : undefined,
    transferred: transferredOf(file),
    lackingReceipt: lackingReceipt(opened.letters),
    silence: circumstances.silence,
    takenBy: file.taken && personName(file.taken.by),
    mine: file.taken?.by.id === me.actor.id,
    seen: file.version,
    query,
    queueHref: queueHref(basePath, query, { ligne: file.id }),
    lot: file.opened && {
      id: file.opened.lot,
      href: me.mayAnywhere('bulk.prepare') ? `${basePath}/operateur/lots/${file.opened.lot}` : undefined,
    },
    nextHref: nextHref(basePath, query, file.id),
    ...actTold(given.get('fait'), opened),
    own: isOwn(file, me.actor, circumstances),
    facts: [...registerFacts(opened, lang), ...openingFacts(opened), ...signedIn, ...declaredFacts(opened)],
    reviews: reviewFacts(opened, lang),
    seeHref: offered.some(({ form }) => form.act === 'see_changes')
      ? fileHref(basePath, file.id, query, { acte: 'marquer-vu' })
      : undefined,
    flags: [...registerDoubts(opened, lang), ...waitingForAnother(opened), ...signInDoubts(opened)],
    coverage: opened.content.members?.sentences ?? [],
    similar: besideFacts(similar, needs, name),
    evidence: evidenceShown(
      opened,
      me.may('evidence.read', target) ? (id) => `${here}/pieces/${id}` : undefined,
    ),
    missing: missingKinds(opened),
    requests: file.requests.map((request) =>
      requestShown(request, offered, { opened, needs, me, query, current, lang }),
    ),
    acts: fileActs(offered, (slug) => fileHref(basePath, file.id, query, { acte: slug }), current),
    take: direct('prendre'),
    release: direct('liberer'),
    note: direct('noter'),
    verify: direct('verifier'),
    form: current && formShown(current, { opened, needs, me, sent, problems: back?.problems ?? [], lang }),
    moved: back?.moved,
    people: impact?.people,
    timeline,
    meanwhile:
      back?.stale === true ? timeline.slice(0, Math.max(0, file.version - seenIn(asked))) : undefined,
    unread: back?.unread,
    typed:
      (back?.stale === true || back?.moved === true) && current?.form !== back.form
        ? (sent.get('texte') ?? '')
        : undefined,
  };
  http.renderPage(ctx, 'operator-file', model, {
    formsStayHere: true,
    asksUs: model.form?.liveHref !== undefined,
    status:
      back?.stale === true || back?.unread === true || back?.moved === true
        ? 409
        : (back?.problems.length ?? 0) > 0
          ? 422
          : 200,
    languageHref: ctx.method === 'GET' ? undefined : '',
  });
}

function transferredOf(file: Opened['file']): OperatorFilePage['transferred'] {
  const last = isExamined(file) ? file.events.findLast(({ act }) => act.act === 'transfer') : undefined;
  return last?.act.act === 'transfer' ? { to: last.act.to, at: last.at } : undefined;
}

const fileActs = (
  offered: readonly Offered[],
  hrefOf: (slug: string) => string,
  current: Offered | undefined,
): OperatorFilePage['acts'] =>
  offered
    .filter(({ form }) => form.act === 'ask_pieces' || form.act === 'transfer')
    .map(({ form: { slug } }) => ({ slug, href: hrefOf(slug), current: current?.form.slug === slug }));

function nextHref(basePath: string, query: string, id: string): string {
  const address = new URLSearchParams({ apres: id, ...(query === usualQuery ? {} : { q: query }) });
  return `${basePath}/operateur/suivant?${address.toString()}`;
}
