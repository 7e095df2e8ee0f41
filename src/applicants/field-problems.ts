import type { FieldProblem } from '../http/http.ts';
import type { ContentProblem, DraftContent } from '../registrations/registrations.ts';

/** What the pages can say of a field: texts under `applicants.error`. */
export const problemWords = [
  'organization_missing',
  'organization_organization_unknown',
  'organization_closed',
  'acting_capacity_missing',
  'acting_capacity_too_long',
  'acting_mandateUntil_missing',
  'acting_mandateUntil_day_shape',
  'acting_mandateUntil_day_past',
  'services_missing',
  'services_too_many',
  'services_id_twice',
  'services_id_service_unknown',
  'services_id_already_asked',
  'services_id_open',
  'services_why_missing',
  'services_why_too_long',
  'services_users_missing',
  'services_users_number_shape',
  'services_termsAcceptedAt_terms_not_accepted',
  'purpose_missing',
  'purpose_too_long',
  'agreement_reference_missing',
  'agreement_reference_too_long',
  'agreement_startsOn_day_shape',
  'agreement_endsOn_day_shape',
  'agreement_endsOn_day_past',
  'agreement_endsOn_days_order',
  'publicShare_missing',
  'publicShare_number_shape',
  'notes_too_long',
  'members_list_needed',
  'domains_too_many',
  'domains_domain_shape',
  'domains_twice',
  'dataProtection_name_missing',
  'dataProtection_name_too_long',
  'dataProtection_email_missing',
  'dataProtection_email_email_shape',
  'dataProtection_phone_phone_shape',
  'security_name_missing',
  'security_name_too_long',
  'security_email_missing',
  'security_email_email_shape',
  'security_phone_phone_shape',
  'declaredAt_not_declared',
  'piece_missing',
  'kind_missing',
  'members_file_missing',
  'text_missing',
  'text_too_long',
  'text_or_piece_missing',
  'from_missing',
  'from_day_shape',
  'from_past',
  'from_over',
  'other',
] as const;
export type ProblemWords = (typeof problemWords)[number];

/** Id of the field of the page: `services.docs.why` is `services-docs-why`; domains are written in one field. */
export const fieldId = (field: string): string =>
  field.replace(/^domains\.\d+$/u, 'domains').replaceAll('.', '-');

export function fieldProblem(
  { field, code }: ContentProblem,
  content: DraftContent,
  serviceName: (id: string) => string,
): FieldProblem {
  const parts = field.split('.');
  const [part = '', second = '', third] = parts;
  const named = part === 'services' && third !== undefined ? `services_${third}` : undefined;
  const general = part === 'domains' ? 'domains' : (named ?? parts.join('_'));
  const written = `${general}_${code}`;
  return {
    field: part === 'services' && third === 'id' ? `services-${second}` : fieldId(field),
    words: problemWords.find((one) => one === written) ?? 'other',
    ...(named === undefined ? {} : { about: serviceName(second) }),
    ...(part === 'domains' && second !== '' ? { about: content.domains[Number(second)]?.slice(0, 80) } : {}),
  };
}
