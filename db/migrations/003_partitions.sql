-- Whose database this is; see db/venue_database.hpp.
CREATE TABLE venue (
    only_row BIGINT NOT NULL PRIMARY KEY CHECK (only_row = 1),
    venue_id TEXT NOT NULL
);
CREATE INDEX orders_open ON orders (order_id) WHERE ord_status IN ('new', 'partially_filled');
