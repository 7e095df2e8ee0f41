import type Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { z } from 'zod';
import type { Service } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import { readNumber } from '../registrations/registrations.ts';
import type { Opened } from '../registrations/registrations.ts';
import type { OrganizationPage } from '../register/register.ts';
import type { SignedOperator } from './gate.ts';
import type { Target } from './perimeter.ts';
import { actions } from './roles.ts';
import type { Action } from './roles.ts';
import type { ConsoleNeeds } from './section.ts';

/*
 * Every route of the console is a row: its address, what it lets somebody do (roles.ts), to what. The rule is asked here,
 * before the handler runs, and nowhere else; a route without one cannot be written.
 */

/** What the handler of a route is given. */
export interface Asked {
  readonly ctx: Context;
  readonly me: SignedOperator;
  readonly needs: ConsoleNeeds;
  /** Of a form; on a page, what was written before signing in again, or nothing. */
  readonly form: URLSearchParams;
}
export interface AskedOfFile extends Asked {
  readonly opened: Opened;
  readonly target: Target;
}
export interface AskedOfOrganization extends Asked {
  readonly organization: OrganizationPage;
}

export interface AskedOfService extends Asked {
  readonly service: Service;
}

export interface Route {
  readonly method: 'get' | 'post';
  /** Under the issuer. */
  readonly path: string;
  readonly action: Action;
  readonly of: 'list' | 'file' | 'organization' | 'service' | 'lot';
  readonly sensitive: boolean;
  handler(needs: ConsoleNeeds): Middleware;
}

export interface Row<A> {
  readonly path: string;
  readonly action: Action;
  readonly answer: (asked: A) => Promise<void>;
}
export interface Form<A> extends Row<A> {
  /** Where the form stands: people who have to sign in first come back there. */
  readonly formPage: (ctx: Context) => string;
  readonly sensitive?: boolean;
}

const parameters = z.record(z.string(), z.string());

/** What stands in the address under this name; empty when nothing does. */
export const parameter = (ctx: Context, name: string): string =>
  parameters.safeParse(ctx.params).data?.[name] ?? '';

/** @throws BrokerError M-FILE-006 */
function assertAnywhere({ me }: Asked, action: Action): void {
  if (!me.mayAnywhere(action))
    throw new BrokerError('M-FILE-006', { detail: `${me.operator.id}: ${action}` });
}

/** @throws BrokerError M-FILE-001 for what does not exist or lies out of the perimeter, M-FILE-006 beyond the roles */
async function fileOf(asked: Asked, action: Action): Promise<AskedOfFile> {
  // The right first: whoever may read no file is told the same of one that exists and of one that does not.
  assertAnywhere(asked, action);
  const { ctx, me, needs, form } = asked;
  const opened = await needs.registrations.forOperator(
    readNumber(parameter(ctx, 'id')) ?? '',
    me.operator.perimeter,
  );
  if (opened === undefined)
    throw new BrokerError('M-FILE-001', { detail: `${me.operator.id}: no such file` });
  const { organization, file } = opened;
  const asksFor = file.requests.map(({ service }) => service);
  const lies: Target = {
    department: organization?.department,
    organizations:
      organization === undefined ? [] : [organization.id, ...(await needs.federationsAbove(organization.id))],
    services: asksFor,
  };
  me.assert(action, lies);
  // What names one service is done to that service: a perimeter may hold the file and not all that it asks for.
  const service = form.get('service');
  const target = service === null || !asksFor.includes(service) ? lies : { ...lies, services: [service] };
  if (ctx.method === 'POST') me.assert(action, target);
  await needs.recordRead(me.actor, { act: 'file.read', subject: `registration:${file.id}` });
  return { ...asked, opened, target };
}

async function organizationOf(asked: Asked, action: Action): Promise<AskedOfOrganization> {
  assertAnywhere(asked, action);
  const { ctx, me, needs } = asked;
  const organization = await needs.organization(parameter(ctx, 'id'));
  if (organization === undefined)
    throw new BrokerError('M-FILE-001', { detail: `${me.operator.id}: no such organization` });
  me.assert(action, await whereItLies(organization, needs));
  await needs.recordRead(me.actor, {
    act: 'organization.read',
    subject: `organization:${organization.id}`,
  });
  return { ...asked, organization };
}

/**
 * Rules may be read by whoever reads rules; those of a service are changed by who has it within their perimeter, and
 * nothing that bounds organizations: rules are for all of them.
 */
function serviceOf(asked: Asked, action: Action): Promise<AskedOfService> {
  const { ctx, me, needs } = asked;
  assertAnywhere(asked, action);
  const service = needs.snapshot().services.get(parameter(ctx, 'service'));
  if (service === undefined) throw new BrokerError('M-POLI-001', { detail: `${me.operator.id}: no service` });
  if (actions[action] === 'target' && !me.may(action, { services: [service.id] }))
    throw new BrokerError('M-FILE-006', { detail: `${me.operator.id}: ${action} ${service.id}` });
  return Promise.resolve({ ...asked, service });
}

/** An organization asks for nothing by itself: whoever works for any service may read what the registers say of it. */
export const whereItLies = async (
  { id, department }: Pick<OrganizationPage, 'id' | 'department'>,
  { snapshot, federationsAbove }: Pick<ConsoleNeeds, 'snapshot' | 'federationsAbove'>,
): Promise<Target> => ({
  department,
  organizations: [id, ...(await federationsAbove(id))],
  services: [...snapshot().services.keys()],
});

export const page = <A>(
  of: Route['of'],
  { path, action, answer }: Row<A>,
  meet: (asked: Asked, action: Action) => Promise<A>,
): Route => ({
  method: 'get',
  path,
  action,
  of,
  sensitive: false,
  handler: (needs) =>
    needs.gate.page(async (ctx, me, kept) =>
      answer(await meet({ ctx, me, needs, form: kept ?? new URLSearchParams() }, action)),
    ),
});

export const form = <A>(
  of: Route['of'],
  { path, action, answer, formPage, sensitive = false }: Form<A>,
  meet: (asked: Asked, action: Action) => Promise<A>,
): Route => ({
  method: 'post',
  path,
  action,
  of,
  sensitive,
  handler: (needs) =>
    needs.gate.act(async (ctx, me, sent) => answer(await meet({ ctx, me, needs, form: sent }, action)), {
      formPage,
      sensitive,
    }),
});

export const list = (asked: Asked, action: Action): Promise<Asked> => {
  assertAnywhere(asked, action);
  return Promise.resolve(asked);
};

export const listPage = (row: Row<Asked>): Route => page('list', row, list);
export const listForm = (row: Form<Asked>): Route => form('list', row, list);
export const filePage = (row: Row<AskedOfFile>): Route => page('file', row, fileOf);
export const fileForm = (row: Form<AskedOfFile>): Route => form('file', row, fileOf);
export const organizationPage = (row: Row<AskedOfOrganization>): Route =>
  page('organization', row, organizationOf);
export const organizationForm = (row: Form<AskedOfOrganization>): Route =>
  form('organization', row, organizationOf);

export const servicePage = (row: Row<AskedOfService>): Route => page('service', row, serviceOf);
export const serviceForm = (row: Form<AskedOfService>): Route => form('service', row, serviceOf);

export function mount(router: Router, needs: ConsoleNeeds, routes: readonly Route[]): void {
  for (const route of routes) router[route.method](route.path, route.handler(needs));
}
