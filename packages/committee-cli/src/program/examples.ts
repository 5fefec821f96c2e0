/** Examples at the end of `--help`, by command; what the files and addresses in them are is up to the reader. */

const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  'publish-and-init': [
    'publish-and-init',
    'publish-and-init -s other-dkg-state --gas-budget 200000000',
  ],
  'init-rotation': ['init-rotation'],
  'genkey-and-register': [
    'genkey-and-register -u https://seal.example.com -n example',
    'genkey-and-register -u https://seal.example.com -n example --unsigned --sender-address 0x…',
  ],
  'create-message': [
    'create-message                  (first key; in a rotation the share is asked for)',
    'create-message -o @old-share    (the share in a file of mode 0600)',
  ],
  'init-state': ['init-state'],
  'process-all-and-propose': [
    'process-all-and-propose',
    'process-all-and-propose --share-file /run/secrets/master-share --set-hash 0x…',
  ],
  'check-committee': ['check-committee'],
  status: ['status', 'status --watch', 'status --json | jq .next'],
  verify: [
    'verify --trusted members.yaml',
    'verify --members 0xa…,0xb…,0xc… --threshold 2',
    'verify    (on a terminal: shows the committee and asks)',
  ],
  'export-public': ['export-public --output dkg.yaml'],
  example: ['example > dkg-state/dkg.yaml', 'example --rotation > dkg-state/dkg.yaml'],
  'package-digest': ['package-digest -n testnet'],
  'approve-upgrade': ['approve-upgrade -k 0x<KEY_SERVER_OBJ_ID> -n testnet'],
  'reject-upgrade': ['reject-upgrade -k 0x<KEY_SERVER_OBJ_ID> -n testnet'],
  'authorize-and-upgrade': ['authorize-and-upgrade -k 0x<KEY_SERVER_OBJ_ID> -n testnet'],
  'reset-proposal': ['reset-proposal -k 0x<KEY_SERVER_OBJ_ID> -n testnet'],
  'check-key-server-status': ['check-key-server-status -k 0x<KEY_SERVER_OBJ_ID> -n testnet'],
  'update-url': ['update-url -k 0x<KEY_SERVER_OBJ_ID> -n testnet -u https://new.example.com'],
  'new-address': ['new-address', 'new-address --key-scheme secp256r1'],
  'active-address': ['active-address'],
  'active-env': ['active-env'],
  envs: ['envs'],
  addresses: ['addresses'],
  switch: ['switch --env testnet', 'switch --address 0x…'],
  'new-env': ['new-env --alias testnet --rpc https://fullnode.testnet.sui.io:443'],
  fund: ['fund --faucet-url http://127.0.0.1:9123'],
  'sign-and-execute': [
    'sign-and-execute --tx-bytes <Base64 that --unsigned printed>',
    'sign-and-execute --yes --tx-bytes <Base64>    (no question at a terminal)',
  ],
  gas: ['gas', 'gas --sender-address 0x…'],
};

/** What verify's list looks like. */
const LIST = `
A list of your own (members.yaml), from what was agreed on over the trusted channel:
  THRESHOLD: 2
  MEMBERS: [0xa…, 0xb…, 0xc…]      # in party order
  KEY_SERVER_OBJ_ID: 0x…           # in a rotation: of your own key server configuration
  COORDINATOR_ADDRESS: 0x…         # optional, as are NETWORK and COMMITTEE_PKG`;

/** Undefined for a command that has its own. */
export function examplesOf(command: string): string | undefined {
  const lines = Object.hasOwn(EXAMPLES, command) ? EXAMPLES[command] : undefined;
  if (lines === undefined) return undefined;
  const list = command === 'verify' ? `${LIST}\n` : '';
  return `${list}\nExamples:\n${lines.map((line) => `  seal-committee-cli ${line}`).join('\n')}`;
}
