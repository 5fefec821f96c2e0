import { describe, expect, it } from 'vitest';
import { createMetrics, MAX_NAME_LABEL_CHARACTERS, nameLabel } from '../src/metrics.ts';
import { HEADERS } from './support/client.ts';
import { refuse, unreachable } from './support/member.ts';
import { fetchKeys } from './support/outcome.ts';
import { createWorld } from './support/world.ts';

describe('metrics', () => {
  it('have the names of the reference, and two of our own', async () => {
    const { registry } = createMetrics({ version: '0.6.10', gitVersion: 'g' });
    const names = (await registry.getMetricsAsJSON()).map(({ name }) => name);
    expect(names.sort()).toEqual([
      'client_sdk_version',
      'committee_version',
      'expected_key_ids_per_request',
      'http_request_duration_millis',
      'http_request_in_flight',
      'http_requests_total',
      'internal_errors',
      'key_server_fetch_duration_millis',
      'member_failures_total',
      'sui_rpc_request_duration_millis',
      'total_requests',
      'upstream_key_server_errors',
      'uptime',
    ]);
    const text = await registry.metrics();
    expect(text).toMatch(/uptime\{version="0\.6\.10-g"\} \d+/);
    for (let bound = 0; bound <= 10; bound++) {
      expect(text).toContain(`expected_key_ids_per_request_bucket{le="${bound}"}`);
    }
  });

  it('count a request once in each family', async () => {
    const world = await createWorld();
    const ids = [Uint8Array.of(1), Uint8Array.of(2)];
    world.member('C').behave = unreachable;
    await fetchKeys(world, { ids });
    const text = await world.metrics.registry.metrics();
    for (const line of [
      'total_requests 1',
      'expected_key_ids_per_request_sum 2',
      'http_requests_total{route="/v1/fetch_key",status="200"} 1',
      'http_request_in_flight{route="/v1/fetch_key"} 0',
      'client_sdk_version{sdk_type="typescript",version="1.4.12"} 1',
      'key_server_fetch_duration_millis_count{key_server_name="A"} 1',
      'key_server_fetch_duration_millis_count{key_server_name="B"} 1',
      'upstream_key_server_errors{key_server_name="C",error_type="Failure"} 1',
      'member_failures_total{key_server_name="C",reason="unreachable"} 1',
      'committee_version 0',
    ]) {
      expect(text).toContain(line);
    }
  });

  it('name the refusals of members and of this server', async () => {
    const world = await createWorld();
    for (const name of ['A', 'B', 'C'] as const) world.member(name).behave = refuse('NoAccess');
    await fetchKeys(world);
    const text = await world.metrics.registry.metrics();
    expect(text).toContain('{key_server_name="A",error_type="NoAccess"} 1');
    expect(text).toContain('internal_errors{internal_error_type="NoAccess"} 1');
  });

  it('count all routes, and take no label from a caller', async () => {
    const world = await createWorld();
    await world.app.request('/health');
    await world.app.request('/v1/service');
    await world.app.request(`/v1/${'a'.repeat(300)}`);
    const headers = { ...HEADERS, 'client-sdk-type': 'xxxx', 'client-sdk-version': '99.0.0' };
    await world.app.request('/v1/fetch_key', { method: 'POST', headers });
    const text = await world.metrics.registry.metrics();
    expect(text).toContain('http_requests_total{route="/health",status="200"} 1');
    expect(text).toContain('http_requests_total{route="/v1/service",status="400"} 1');
    expect(text).toContain('http_requests_total{route="unknown",status="404"} 1');
    expect(text).toContain('client_sdk_version{sdk_type="other",version="20.0.0"} 1');
    expect(text).not.toContain('aaaa');
    expect(text).not.toContain('xxxx');
  });

  it('cut the names of members', () => {
    expect(nameLabel('x'.repeat(MAX_NAME_LABEL_CHARACTERS + 1))).toHaveLength(64);
    expect(nameLabel('x'.repeat(MAX_NAME_LABEL_CHARACTERS))).toHaveLength(64);
  });
});
