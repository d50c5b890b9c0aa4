-- All types of order, self-match rules, price bands and kill switches. What was there before has none of it.
ALTER TABLE firms ADD COLUMN killed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN killed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE fix_sessions ADD COLUMN killed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE fix_sessions ADD COLUMN self_match TEXT NOT NULL DEFAULT 'cancel_incoming';
-- The band outside of which orders are refused; zero: no bound.
ALTER TABLE instruments ADD COLUMN lowest_price_ticks BIGINT NOT NULL DEFAULT 0;
ALTER TABLE instruments ADD COLUMN highest_price_ticks BIGINT NOT NULL DEFAULT 0;
-- Zero and NULL: the order has none.
ALTER TABLE orders ADD COLUMN stop_px_ticks BIGINT NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN stop_px TEXT;
ALTER TABLE orders ADD COLUMN display_qty_lots BIGINT NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN display_qty TEXT;
ALTER TABLE orders ADD COLUMN min_qty_lots BIGINT NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN min_qty TEXT;
ALTER TABLE orders ADD COLUMN cash_order_qty BIGINT NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN cash_order_qty_text TEXT;
ALTER TABLE orders ADD COLUMN expires_at TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN exec_inst TEXT NOT NULL DEFAULT 'none';
ALTER TABLE orders ADD COLUMN self_match TEXT NOT NULL DEFAULT 'cancel_incoming';
ALTER TABLE orders ADD COLUMN triggered BIGINT NOT NULL DEFAULT 0;
