-- Whose database this is; see db/venue_database.hpp.
CREATE TABLE venue (
    only_row BIGINT NOT NULL PRIMARY KEY CHECK (only_row = 1),
    venue_id TEXT NOT NULL
);
-- The big tables by ranges of their ids, which rise with time; db/partitions.hpp makes and drops the parts. They
-- are empty here: every version that knows PostgreSQL has this migration too.
ALTER TABLE orders RENAME TO orders_unpartitioned;
ALTER TABLE trades RENAME TO trades_unpartitioned;
CREATE TABLE orders (LIKE orders_unpartitioned INCLUDING DEFAULTS) PARTITION BY RANGE (order_id);
CREATE TABLE trades (LIKE trades_unpartitioned INCLUDING DEFAULTS) PARTITION BY RANGE (trade_id);
DROP TABLE orders_unpartitioned;
DROP TABLE trades_unpartitioned;
ALTER TABLE orders ADD PRIMARY KEY (order_id);
CREATE INDEX orders_by_account ON orders (account_id, ord_status);
CREATE INDEX orders_open ON orders (order_id) WHERE ord_status IN ('new', 'partially_filled');
ALTER TABLE trades ADD PRIMARY KEY (trade_id, side);
CREATE INDEX trades_by_account ON trades (account_id, trade_id);
-- The parts that there are: <parent>_<first_id> holds ids from first_id up to, without, past_id.
CREATE TABLE partitions (
    parent TEXT NOT NULL,
    first_id BIGINT NOT NULL,
    past_id BIGINT NOT NULL,
    PRIMARY KEY (parent, first_id)
);
