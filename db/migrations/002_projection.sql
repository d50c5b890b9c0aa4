-- What the venue's events say, to be read. Only the projector writes here.
--
-- Prices and quantities stand twice: exactly as the venue counts them (…_ticks, …_lots, or an asset's minor
-- units without a suffix) and as decimal text. Times are UTC text with nine decimals, which sorts by time.
CREATE TABLE projection (
    follower TEXT NOT NULL PRIMARY KEY,
    next_event BIGINT NOT NULL
);
CREATE TABLE firms (
    firm_id BIGINT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL
);
CREATE TABLE accounts (
    account_id BIGINT NOT NULL PRIMARY KEY,
    firm_id BIGINT NOT NULL,
    code TEXT NOT NULL,
    frozen BIGINT NOT NULL,
    maker_fee_millionths BIGINT NOT NULL,
    taker_fee_millionths BIGINT NOT NULL,
    most_open_orders BIGINT NOT NULL,
    most_order_qty_lots BIGINT NOT NULL,
    most_notional BIGINT NOT NULL
);
CREATE TABLE fix_sessions (
    fix_session_id BIGINT NOT NULL PRIMARY KEY,
    firm_id BIGINT NOT NULL,
    comp_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    cancel_on_disconnect TEXT NOT NULL,
    resend_max_age_seconds BIGINT NOT NULL,
    revoked BIGINT NOT NULL
);
CREATE TABLE fix_session_accounts (
    fix_session_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    PRIMARY KEY (fix_session_id, account_id)
);
CREATE TABLE assets (
    asset_id BIGINT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    scale BIGINT NOT NULL
);
CREATE TABLE instruments (
    instrument_id BIGINT NOT NULL PRIMARY KEY,
    symbol TEXT NOT NULL,
    base_asset_id BIGINT NOT NULL,
    quote_asset_id BIGINT NOT NULL,
    tick TEXT NOT NULL,
    tick_mantissa BIGINT NOT NULL,
    tick_scale BIGINT NOT NULL,
    lot TEXT NOT NULL,
    lot_mantissa BIGINT NOT NULL,
    lot_scale BIGINT NOT NULL,
    least_quantity_lots BIGINT NOT NULL,
    most_quantity_lots BIGINT NOT NULL,
    least_notional BIGINT NOT NULL,
    market_protection_millionths BIGINT NOT NULL,
    state TEXT NOT NULL
);
-- The latest state of each order, refused ones among them. Decimal text is NULL where there is no price (a
-- market order) or no such instrument (a refused order).
CREATE TABLE orders (
    order_id BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL,
    instrument_id BIGINT NOT NULL,
    fix_session_id BIGINT NOT NULL,
    cl_ord_id TEXT NOT NULL,
    side TEXT NOT NULL,
    ord_type TEXT NOT NULL,
    time_in_force TEXT NOT NULL,
    ord_status TEXT NOT NULL,
    reject_word TEXT NOT NULL,
    price_ticks BIGINT NOT NULL,
    price TEXT,
    order_qty_lots BIGINT NOT NULL,
    order_qty TEXT,
    leaves_qty_lots BIGINT NOT NULL,
    leaves_qty TEXT,
    cum_qty_lots BIGINT NOT NULL,
    cum_qty TEXT,
    avg_px TEXT,
    entered_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    changed_by_event BIGINT NOT NULL
);
CREATE INDEX orders_by_account ON orders (account_id, ord_status);
-- Two rows a trade, one for each side.
CREATE TABLE trades (
    trade_id BIGINT NOT NULL,
    side TEXT NOT NULL,
    order_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    instrument_id BIGINT NOT NULL,
    exec_id TEXT NOT NULL,
    maker BIGINT NOT NULL,
    last_px_ticks BIGINT NOT NULL,
    last_px TEXT,
    last_qty_lots BIGINT NOT NULL,
    last_qty TEXT,
    notional BIGINT NOT NULL,
    notional_text TEXT,
    fee BIGINT NOT NULL,
    fee_text TEXT,
    traded_at TEXT NOT NULL,
    event BIGINT NOT NULL,
    PRIMARY KEY (trade_id, side)
);
CREATE INDEX trades_by_account ON trades (account_id, trade_id);
-- available = total - held
CREATE TABLE balances (
    account_id BIGINT NOT NULL,
    asset_id BIGINT NOT NULL,
    total BIGINT NOT NULL,
    held BIGINT NOT NULL,
    available BIGINT NOT NULL,
    total_text TEXT,
    held_text TEXT,
    available_text TEXT,
    changed_at TEXT NOT NULL,
    changed_by_event BIGINT NOT NULL,
    PRIMARY KEY (account_id, asset_id)
);
