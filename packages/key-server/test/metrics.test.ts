import { versionLabel } from '@seal-ts/protocol';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../src/index.ts';
import { createRequest, HEADERS, post } from './support/client.ts';
import { createWorld, PACKAGE, type World } from './support/world.ts';

async function exposition(world: World): Promise<string> {
  return await world.metrics.registry.metrics();
}

describe('metrics', () => {
  it('have the names and buckets of the reference', async () => {
    const { registry } = createMetrics({ version: '0.6.10', gitVersion: 'g' });
    const names = (await registry.getMetricsAsJSON()).map(({ name }) => name);
    expect(names.sort()).toEqual([
      'check_policy_duration',
      'client_sdk_version',
      'committee_mode_package_upgrade_initiated_total',
      'committee_mode_rotation_initiated_total',
      'dry_run_gas_cost_per_package',
      'fetch_pkg_ids_duration',
      'get_reference_gas_price_status',
      'http_request_duration_millis',
      'http_request_in_flight',
      'http_requests_total',
      'internal_errors',
      'key_server_version',
      'requests_failed_due_to_staleness',
      'requests_per_number_of_ids',
      'service_requests',
      'sui_rpc_request_duration_millis',
      'total_requests',
      'uptime',
    ]);
    const text = await registry.metrics();
    expect(text).toContain('key_server_version{version="0.6.10"} 1');
    expect(text).toMatch(/uptime\{version="0\.6\.10-g"\} \d+/);
    for (const bound of [0, 1, 2, 3, 4, 5]) {
      expect(text).toContain(`requests_per_number_of_ids_bucket{le="${bound}"}`);
    }
  });

  it('count a request once in each family', async () => {
    const world = await createWorld();
    const ids = [Uint8Array.of(1), Uint8Array.of(2)];
    const { body } = await createRequest({ engine: world.engine, ids });
    await world.app.request('/v1/fetch_key', post(body));
    const text = await exposition(world);
    for (const line of [
      'total_requests 1',
      'requests_per_number_of_ids_sum 2',
      'http_requests_total{route="/v1/fetch_key",status="200"} 1',
      'http_request_in_flight{route="/v1/fetch_key"} 0',
      'client_sdk_version{sdk_type="typescript",version="1.4.12"} 1',
      'check_policy_duration_count 1',
      'fetch_pkg_ids_duration_count 1',
      'get_reference_gas_price_status{status="success"} 1',
    ]) {
      expect(text).toContain(line);
    }
    expect(text).not.toContain('dry_run_gas_cost_per_package_count');
  });

  it('observe gas by package only where packages are a configured list', async () => {
    const world = await createWorld({ observeGas: true });
    const { body } = await createRequest({ engine: world.engine });
    await world.app.request('/v1/fetch_key', post(body));
    expect(await exposition(world)).toContain(
      `dry_run_gas_cost_per_package_sum{package="${PACKAGE}"} 1000000`,
    );
  });

  it('never take a label from a caller', async () => {
    const world = await createWorld();
    const paths = ['/v1/fetch_key/x', '/v1/', '/v1/service/', `/v1/${'a'.repeat(500)}`];
    for (const path of paths) await world.app.request(path, { headers: HEADERS });
    for (const version of ['1.2.3-a', '99.99.99', 'x'.repeat(200)]) {
      const headers = { 'client-sdk-version': version, 'client-sdk-type': version };
      await world.app.request('/v1/service', { headers });
    }
    await world.app.request('/health');
    const text = await exposition(world);
    expect(text).toContain('http_requests_total{route="unknown",status="404"} 4');
    expect(text).toContain('client_sdk_version{sdk_type="other",version="20.20.20"} 1');
    expect(text).toContain('client_sdk_version{sdk_type="other",version="other"} 1');
    expect(text).not.toContain('aaaa');
    expect(text).not.toContain('xxxx');
    expect(text).not.toContain('/health');
  });

  it.each([
    ['1.4.12', '1.4.12'],
    ['0.0.0', '0.0.0'],
    ['20.21.1000', '20.20.20'],
    ['1.2.3-beta+5', '1.2.3'],
    ['1.2', 'other'],
    ['', 'other'],
    ['0x1.0.0', 'other'],
  ])('version %s has label %s', (version, label) => {
    expect(versionLabel(version)).toBe(label);
  });
});
