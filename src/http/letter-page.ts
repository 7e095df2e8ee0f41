/** A letter inside the site: the shape of LetterDocument (`registrations/letters/document.ts`), which is stored and sent. */
export interface LetterView {
  readonly title: string;
  readonly reference: string;
  /** Civil day. */
  readonly date: string;
  readonly sender: { readonly name: string; readonly lines: readonly string[] };
  readonly recipient: { readonly name: string; readonly lines: readonly string[] };
  readonly blocks: readonly LetterBlock[];
  readonly signature?:
    | {
        readonly givenName: string;
        readonly usualName: string;
        readonly capacity: string;
        readonly organization: string;
      }
    | undefined;
}

export type LetterBlock =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | {
      readonly kind: 'facts';
      readonly facts: readonly { readonly name: string; readonly value: string }[];
    };

/** `views/letter.eta`. Other pages show a letter, or its preview, with `parts/letter`. */
export interface LetterPage {
  readonly letter: LetterView;
  readonly pdfHref?: string | undefined;
  /** The page of the file. */
  readonly backHref: string;
}
