/** The words of the claims, in French: what a tool would tell its users. An unknown value is shown as it came. */
type Words = Readonly<Record<string, string>>;

const known = (words: Words, code: string): string | undefined =>
  Object.hasOwn(words, code) ? words[code] : undefined;

const look = (words: Words, value: unknown): string | undefined =>
  typeof value === 'string' ? (known(words, value) ?? value) : undefined;

const types: Words = {
  'association.declared': 'association déclarée',
  'association.public_utility': 'association reconnue d’utilité publique',
  'association.local_law': 'association de droit local',
  'association.undeclared': 'association non déclarée',
  foundation: 'fondation',
  gip: 'groupement d’intérêt public',
  'local_authority.commune': 'commune',
  'local_authority.department': 'département',
  'local_authority.region': 'région',
  'local_authority.epci': 'communauté de communes, communauté ou métropole',
  local_grouping: 'groupement de collectivités',
  'state.central': 'service central de l’État',
  'state.deconcentrated': 'service de l’État dans les territoires',
  'state.national_service': 'service de l’État à compétence nationale',
  unknown: 'nature inconnue',
};

const levels: Words = { member: 'membre', guest: 'personne invitée' };

const bases: Words = {
  public_service: 'votre organisation relève du service public',
  territorial_rule: 'votre collectivité remplit les conditions de ce territoire',
  approval: 'votre organisation a reçu un accord',
  invitation: 'quelqu’un vous a invité',
  open: 'cet outil est ouvert à tous',
};

const reasons: Words = {
  organization_unknown: 'votre organisation est inconnue',
  organization_closed: 'votre organisation est fermée',
  organization_suspended: 'votre organisation est suspendue',
  organization_not_found_in_registry: 'votre organisation n’est pas dans les registres',
  registry_unavailable_stale: 'les registres ne répondent pas et nos informations sont trop anciennes',
  legal_category_unknown: 'la nature juridique de votre organisation est inconnue',
  not_eligible: 'cet outil n’est pas ouvert aux organisations comme la vôtre',
  population_too_large: 'votre collectivité compte trop d’habitants',
  population_unknown: 'le nombre d’habitants de votre collectivité est inconnu',
  department_out_of_scope: 'cet outil n’est pas ouvert dans votre département',
  approval_missing: 'votre organisation n’a pas reçu d’accord',
  approval_pending: 'la demande de votre organisation est en cours d’examen',
  approval_refused: 'la demande de votre organisation a été refusée',
  approval_expired: 'l’accord donné à votre organisation a pris fin',
  approval_suspended: 'l’accord donné à votre organisation est suspendu',
  service_not_covered: 'l’accord donné à votre organisation ne couvre pas cet outil',
  guest_expired: 'votre invitation a pris fin',
  guest_not_invited: 'personne ne vous a invité',
  service_excludes_guests: 'cet outil n’accepte pas de personnes invitées',
  membership_not_verified: 'votre rattachement à l’organisation n’est pas vérifié',
  email_domain_not_allowed: 'votre adresse électronique n’est pas admise',
  acr_insufficient: 'cet outil demande une connexion plus sûre',
  idp_not_allowed: 'cet outil n’accepte pas cette façon de se connecter',
  session_too_old: 'votre connexion est trop ancienne',
  policy_missing: 'personne n’a encore fixé les règles de cet outil',
};

const rights: Words = {
  use: 'utiliser l’outil',
  create_document: 'créer des documents',
  create_room: 'créer des salons',
  directory: 'consulter l’annuaire',
  host: 'organiser une réunion',
  join: 'rejoindre une réunion',
};

const links: Words = {
  declared: 'déclarée par le fournisseur d’identité',
  email_domain: 'attestée par l’adresse électronique',
  moderated: 'vérifiée par une personne',
  official_source: 'attestée par un registre officiel',
};

const assurances: Words = {
  eidas0: 'identité déclarée (eidas0)',
  'eidas0-mfa': 'identité déclarée, deux vérifications (eidas0-mfa)',
  eidas1: 'ordinaire (eidas1)',
  'eidas1-mfa': 'ordinaire, deux vérifications (eidas1-mfa)',
  eidas2: 'renforcée (eidas2)',
  eidas3: 'la plus forte (eidas3)',
};

export const typeWords = (value: unknown): string | undefined => look(types, value);
export const levelWords = (value: unknown): string | undefined => look(levels, value);
export const basisWords = (value: unknown): string | undefined => look(bases, value);
export const reasonWords = (value: unknown): string | undefined => look(reasons, value);
export const assuranceWords = (value: unknown): string | undefined => look(assurances, value);
export const rightWords = (value: unknown): string | undefined => look(rights, value);
export const linkWords = (value: unknown): string | undefined => look(links, value);

const refusals: Words = {
  access_denied: 'Le portail de connexion n’a pas donné l’accès, ou vous avez annulé.',
  login_required: 'Vous n’étiez pas connecté au portail, et l’outil avait demandé de ne rien vous afficher.',
  interaction_required: 'Le portail a besoin de vous demander quelque chose avant de continuer.',
  unmet_authentication_requirements:
    'Cet outil demande une connexion plus sûre que celle que vous pouvez faire.',
  temporarily_unavailable:
    'Le portail de connexion ne répond pas pour le moment. Réessayez dans quelques minutes.',
  invalid_grant: 'Votre connexion a pris fin. Connectez-vous de nouveau.',
  invalid_token: 'Votre connexion a pris fin. Connectez-vous de nouveau.',
  invalid_answer: 'La réponse du portail n’a pas passé nos vérifications : nous l’avons écartée.',
};

/** The reason that an `error_description` names, when it names one. */
export const reasonIn = (description: string | undefined): string | undefined => {
  const code = description?.match(/[a-z]+(?:_[a-z]+)+/g)?.find((word) => Object.hasOwn(reasons, word));
  return reasonWords(code);
};

/** One plain sentence for an error code of OAuth or OpenID Connect; what Maillon adds to it makes it certain. */
export const errorSentence = (code: string, description?: string): string => {
  if (code === 'access_denied' && description === 'user_cancelled') return 'Vous avez annulé la connexion.';
  if (code === 'access_denied' && reasonIn(description) !== undefined)
    return 'Le portail de connexion a refusé l’accès.';
  return known(refusals, code) ?? 'Le portail de connexion a signalé un problème.';
};
