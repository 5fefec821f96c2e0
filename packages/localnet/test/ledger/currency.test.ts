/** Coin types in the registry 0xc, both ways to get there, on the chain (coin_registry.move). */
import { beforeAll, describe, expect, it } from 'vitest';
import { COIN_REGISTRY_ID } from '../../src/ledger/system-ids.ts';
import { SUI_ADDRESS } from '../../src/ledger/type-text.ts';
import { Ptb } from './support/ptb.ts';
import { createdObjects, type Published, World } from './support/world.ts';

const SOURCE = `
module money::silver;

use std::string::String;
use sui::coin_registry::{Self, CoinRegistry};

public struct SILVER has drop {}
public struct Copper has key { id: UID }

fun init(witness: SILVER, ctx: &mut TxContext) {
    let (currency, mut treasury) = coin_registry::new_currency_with_otw(
        witness, 6, b"SLV".to_string(), b"Silver".to_string(), b"Grey".to_string(), b"".to_string(), ctx,
    );
    let sender = ctx.sender();
    transfer::public_transfer(treasury.mint(70, ctx), sender);
    transfer::public_transfer(treasury, sender);
    transfer::public_transfer(currency.finalize(ctx), sender);
}

public fun register(registry: &mut CoinRegistry, symbol: String, ctx: &mut TxContext) {
    let (currency, mut treasury) = registry.new_currency<Copper>(
        3, symbol, b"Copper".to_string(), b"Red".to_string(), b"".to_string(), ctx,
    );
    let sender = ctx.sender();
    transfer::public_transfer(treasury.mint(9, ctx), sender);
    transfer::public_transfer(treasury, sender);
    transfer::public_transfer(currency.finalize(ctx), sender);
}
`;

const REGISTRY = `${SUI_ADDRESS}::coin_registry`;

let world: World;
let money: Published;
beforeAll(async () => {
  world = await World.create();
  money = await world.publish('money', SOURCE);
});

function finalize(): Ptb {
  const ptb = new Ptb();
  const registry = ptb.object(world.object(COIN_REGISTRY_ID));
  const currency = ptb.receiving(world.object(money.created.get('Currency')));
  const type = `${money.id}::silver::SILVER`;
  ptb.call(`${REGISTRY}::finalize_registration`, [registry, currency], [type]);
  return ptb;
}

function register(): Ptb {
  const ptb = new Ptb();
  const symbol = ptb.bytes(new TextEncoder().encode('CPR'));
  const registry = ptb.object(world.object(COIN_REGISTRY_ID));
  ptb.call(`${money.id}::silver::register`, [registry, symbol]);
  return ptb;
}

describe('a currency', () => {
  it('of a one-time witness waits at the registry and is registered by anybody, once', async () => {
    const type = `${money.id}::silver::SILVER`;
    expect(world.object(money.created.get('Currency')).owner).toEqual({
      kind: 'address',
      address: COIN_REGISTRY_ID,
    });
    const executed = await world.ok(finalize(), world.bob);
    const currency = createdObjects(executed).get('Currency');
    expect(world.object(currency).owner).toMatchObject({ kind: 'shared' });
    expect(world.ledger.coinInfo(type)).toMatchObject({
      metadata: { objectId: currency, decimals: 6, symbol: 'SLV', name: 'Silver' },
      treasury: { totalSupply: 70n },
    });
    expect(world.ledger.balance(world.a, type).balance).toBe(70n);
    expect(world.ledger.object(money.created.get('Currency')!)).toBeUndefined();
  });

  it('of any other type of the caller is registered at once, and only once', async () => {
    const executed = await world.ok(register());
    const type = `${money.id}::silver::Copper`;
    expect(world.ledger.coinInfo(type)).toMatchObject({
      metadata: { objectId: createdObjects(executed).get('Currency'), decimals: 3, symbol: 'CPR' },
      treasury: { totalSupply: 9n },
    });
    expect(world.simulate(register(), world.b).effects.status).toMatchObject({
      success: false,
      error: {
        kind: 'MoveAbort',
        location: { module: 'coin_registry', functionName: 'new_currency' },
      },
    });
  });
});
