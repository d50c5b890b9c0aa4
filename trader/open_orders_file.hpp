// The orders that a console left open, remembered from one run to the next: one line an order,
//
//   ClOrdID Account Symbol Side OrdType TimeInForce OrderQty Price
//
// with FIX's characters. Only a hint: the venue is asked about each. A file that cannot be written is a
// warning; a line that makes no sense is passed over.
#pragma once

#include "trader/messages.hpp"

#include <string>
#include <vector>

namespace tradehive::trader {

class OpenOrdersFile {
public:
    explicit OpenOrdersFile(std::string path)
        : path_(std::move(path)) {}

    [[nodiscard]] std::vector<OrderEntry> read() const;
    void write(const std::vector<OrderEntry>& orders) const; // the newest thousand

private:
    std::string path_;
};

// See state_folder.hpp.
[[nodiscard]] std::string open_orders_path(const std::string& store, const std::string& sender);

} // namespace tradehive::trader
