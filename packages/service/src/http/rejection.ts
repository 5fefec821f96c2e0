/**
 * Refusals below the protocol: a body that is not JSON, or JSON of another shape, is answered in
 * plain text (protocol §4.1), unlike the named refusals of §4.4.
 */

export type RejectionStatus = 400 | 415 | 422;

const TEXTS: Readonly<Record<RejectionStatus, (detail: string) => string>> = {
  400: (detail) => `Failed to parse the request body as JSON: ${detail}`,
  415: () => 'Expected request with `Content-Type: application/json`',
  422: (detail) => `Failed to deserialize the JSON body into the target type: ${detail}`,
};

/** Thrown while reading a body; rendered as plain text in one place. */
export class BodyRejection extends Error {
  override readonly name = 'BodyRejection';
  readonly code = 'BODY_REJECTED';
  readonly status: RejectionStatus;

  constructor(status: RejectionStatus, detail = '', options?: ErrorOptions) {
    super(TEXTS[status](detail), options);
    this.status = status;
  }
}
