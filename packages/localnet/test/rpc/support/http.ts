/** JSON requests for the tests. */

export interface JsonAnswer {
  status: number;
  headers: Headers;
  body: unknown;
}

/** Sends a request and reads the JSON answer. */
export async function json(
  url: string,
  init: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<JsonAnswer> {
  const { method = init.body === undefined ? 'GET' : 'POST', body, headers = {} } = init;
  const response = await fetch(url, {
    method,
    headers,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}
