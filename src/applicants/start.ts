import type { Context } from 'koa';
import { partnerProviderId } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import { language, readForm } from '../http/http.ts';
import type { ApplicantStartPage, Language } from '../http/http.ts';
import { tidy } from '../organizations/organizations.ts';
import { changedContent, emptyContent } from '../registrations/registrations.ts';
import type { Visitor } from '../visitor/visitor.ts';
import { addresses } from './addresses.ts';
import type { ApplicantNeeds } from './needs.ts';
import { nextThing, stand } from './next-thing.ts';
import { transferredTo } from './transferred.ts';
import { actorOf, seeOther, vouchedFor, whoIsThere } from './visit.ts';

const done: Readonly<Record<string, ApplicantStartPage['done']>> = { supprime: 'deleted', garde: 'kept' };

/** `/demandes`: what it is, and the files of whoever is signed in. Links of other pages name an organization and a service. */
export async function showStart(ctx: Context, needs: ApplicantNeeds): Promise<void> {
  const { visitors, snapshot, basePath, authority, http } = needs;
  const lang = language(ctx);
  const { list } = addresses(basePath);
  const query = new URLSearchParams(ctx.querystring);
  const about = await aboutOf(query, lang, needs);
  const visitor = await visitors.of(ctx);
  const kept = new URLSearchParams({
    ...(about?.organization === undefined ? {} : { organisation: about.organization.id }),
    ...(about?.service === undefined ? {} : { service: about.service.id }),
  }).toString();
  const model: ApplicantStartPage = {
    open: authority !== undefined,
    silence: needs.silence,
    anybody: snapshot().identityProviders.get(partnerProviderId)?.enabled === true,
    about,
    deciders: [...snapshot().services.values()].map(({ name, decided_by: by }) => ({
      service: name[lang],
      name: by.name[lang],
      contact: by.contact,
    })),
    done: done[query.get('fait') ?? ''],
    ...(visitor === undefined
      ? { signInHref: visitors.signInHref(kept === '' ? list : `${list}?${kept}`), files: [] }
      : { action: list, email: visitor.email, files: await filesOf(visitor, lang, needs) }),
  };
  http.renderPage(ctx, 'applicants/start', model, { formsStayHere: true });
}

async function filesOf(
  visitor: Visitor,
  lang: Language,
  { registrations, snapshot, basePath }: ApplicantNeeds,
): Promise<ApplicantStartPage['files']> {
  const { file } = addresses(basePath);
  const sent = await registrations.ofApplicant(visitor.accountId);
  const opened = await registrations.openedFor(vouchedFor(visitor));
  // Only of those that somebody examines: a transfer leaves its name in the history of the file.
  const passedOn = new Map(
    await Promise.all(
      sent
        .filter(({ stage }) => stage === 'examination')
        .map(async ({ id, requests }) => {
          const held = await registrations.forApplicant(id, visitor.accountId);
          return [id, held && transferredTo(held.file, requests)] as const;
        }),
    ),
  );
  return [...sent, ...opened].map((one) => ({
    id: one.id,
    href: file(one.id),
    name: one.organizationName,
    submittedOn: one.submittedAt,
    opened: one.accountId === undefined,
    requests: one.requests.map(({ service, state }) =>
      stand(
        snapshot().services.get(service)?.name[lang] ?? service,
        state,
        passedOn.get(one.id) !== undefined,
      ),
    ),
    next: nextThing(one, passedOn.get(one.id)),
  }));
}

/** What a link or a form names, where it exists. */
async function aboutOf(
  query: URLSearchParams,
  lang: Language,
  { organization, snapshot }: ApplicantNeeds,
): Promise<ApplicantStartPage['about']> {
  const named = tidy(query.get('organisation') ?? '').slice(0, 100);
  const found = named === '' ? undefined : await organization(named);
  const service = snapshot().services.get(query.get('service') ?? '');
  if (found === undefined && service === undefined) return undefined;
  return {
    organization: found === undefined ? undefined : { id: found.id, name: found.name },
    service: service === undefined ? undefined : { id: service.id, name: service.name[lang] },
  };
}

/** A new draft; what the link named is in it already. */
export async function start(ctx: Context, needs: ApplicantNeeds): Promise<void> {
  const { registrations, authority, basePath } = needs;
  const { page, list } = addresses(basePath);
  if (authority === undefined) {
    throw new BrokerError('M-FILE-003', { detail: 'no authority is declared: no request is received' });
  }
  const visitor = await whoIsThere(ctx, needs, list);
  if (visitor === undefined) return;
  const about = await aboutOf(await readForm(ctx), language(ctx), needs);
  const organization = about?.organization?.id;
  const id = await registrations.startDraft(actorOf(visitor), { organization });
  if (about?.service !== undefined) {
    const services = [{ id: about.service.id, why: '', users: '' }];
    const content = changedContent(emptyContent, { organization: organization ?? '', services });
    await registrations.saveDraft(id, visitor.accountId, content);
  }
  seeOther(ctx, page(id, 'organisation'));
}
