export const codePurposes = [
  'sign_in',
  'second_factor',
  'new_address',
  'reconcile',
  'official_contact',
  'organization_domain',
] as const;

export type CodePurpose = (typeof codePurposes)[number];

export interface CodeHolder {
  readonly purpose: CodePurpose;
  /** Who may redeem it: the uid of an interaction, or uid of a session and subject; never only an address. */
  readonly holder: string;
  /** To whom it is sent: a code is right for this address alone. */
  readonly address: string;
}

/** One text for one holder, whatever signs its parts hold: no two holders share it. */
export const holderText = ({ purpose, holder, address }: CodeHolder): string =>
  JSON.stringify([purpose, holder, address]);
