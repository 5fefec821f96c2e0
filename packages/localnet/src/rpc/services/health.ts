/**
 * `grpc.health.v1.Health/Check`, which probes and the Rust and Go clients know (spec sui-ledger
 * §1.3). The messages are two fields, so they are written here instead of pulling in another
 * package.
 */
import { MessageType, ScalarType } from '@protobuf-ts/runtime';
import type { ServiceDescriptor, UnaryHandler } from '../dispatcher.ts';
import { RpcError } from '../transport/status.ts';

export interface HealthCheckRequest {
  service: string;
}
export interface HealthCheckResponse {
  /** 1 is SERVING. */
  status: number;
}

class RequestType extends MessageType<HealthCheckRequest> {
  constructor() {
    super('grpc.health.v1.HealthCheckRequest', [
      { no: 1, name: 'service', kind: 'scalar', T: ScalarType.STRING },
    ]);
  }
}

class ResponseType extends MessageType<HealthCheckResponse> {
  constructor() {
    // An enum on the wire is an int32.
    super('grpc.health.v1.HealthCheckResponse', [
      { no: 1, name: 'status', kind: 'scalar', T: ScalarType.INT32 },
    ]);
  }
}

export const healthCheckRequest: MessageType<HealthCheckRequest> = new RequestType();
export const healthCheckResponse: MessageType<HealthCheckResponse> = new ResponseType();

const SERVING = 1;

/** Descriptor of the part of the health service that is served. */
export const HealthService: ServiceDescriptor = {
  typeName: 'grpc.health.v1.Health',
  methods: [
    {
      name: 'Check',
      localName: 'check',
      serverStreaming: false,
      I: healthCheckRequest,
      O: healthCheckResponse,
    },
  ],
};

/** @param served names of the services; the empty name asks for the server as a whole */
export function healthService(served: readonly string[]) {
  const check: UnaryHandler<HealthCheckRequest, HealthCheckResponse> = ({ service }) => {
    if (service === '' || served.includes(service)) return { status: SERVING };
    throw new RpcError('NOT_FOUND', 'unknown service');
  };
  return { check };
}
