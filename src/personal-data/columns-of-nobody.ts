const columns = (names: string): readonly string[] => names.split(' ');

/**
 * Every other column that can hold text: numbers, codes and words of organizations, services, files, clients. Public
 * registers name sole traders too: that is the register's data, which no account leads to.
 */
export const ofNobody: Readonly<Record<string, readonly string[]>> = {
  approval: columns('id siren service_id level ground reason status origin'),
  audit_entry: columns('act salt detail_sha256 previous hash'),
  batch: columns('id state decision file_name file_sha256 returned undo_text undo_rule'),
  batch_line: columns(
    'batch_id outcome organization department name services reason about registration entry entry_about stood',
  ),
  client_secret_use: columns('client_id secret_sha256'),
  correction_proposal: columns('id organization kind fact value before reason state answer'),
  declared_membership: columns('level'),
  declared_object: columns('kind id digest origin'),
  domain_handover: columns('id domain from_id to_id state objection reason answer'),
  erasure_request: columns('id'),
  establishment: columns(
    'siret siren state commune_code naf naf25 size_band usual_name postal_code diffusion source',
  ),
  evidence: columns('id registration_id kind media_type sha256'),
  held_domain: columns('domain reason'),
  initial_access_token: columns('token_sha256 service_id scope'),
  invitation: columns('id service_id sponsor_siret sponsor_organization'),
  letter: columns('id registration_id kind template sha256 mail_id'),
  logout_delivery: columns('id uri reason last_problem'),
  mail: columns('id about envelope_id'),
  mail_bounce: columns('id'),
  joined_membership: columns('id state ended level file rule contact'),
  joining_domain_refusal: columns('siren domain'),
  joining_event: columns('act rule'),
  joining_invitation: columns('id ended'),
  joining_mandate: columns('siren state'),
  joining_refusal: columns('siren'),
  membership: columns('id origin level'),
  oidc_grant: columns('id'),
  oidc_refresh_token: columns('id'),
  operator_proposal: columns('id kind base state'),
  operator_removal: columns('origin'),
  organization: columns(
    'siren name legal_category unit_state rna qualifications source local_register id statements acronym naf naf25 size_band diffusion commune_code flags search_name words',
  ),
  organization_domain: columns('id siren domain token state method'),
  organization_word: columns('word'),
  partner_authenticator: columns('kind device_type'),
  policy_draft: columns('id service_id document reason state'),
  reconciliation: columns('id'),
  register_change: columns('shelf subject source reason before after'),
  register_import: columns('source file_name file_sha256 state'),
  register_record: columns('shelf key source record'),
  register_review: columns('approval_id organization reason detail seen_detail'),
  registered_client: columns('client_id document token_sha256 scope'),
  registration: columns(
    'id organization siren register_number organization_name organization_type department stage renews lot',
  ),
  registration_event: columns('registration_id'),
  registration_request: columns('registration_id service_id state'),
  right_changed: columns('siren service_id level'),
  signing_key: columns('kid alg state sealed_jwk'),
};
