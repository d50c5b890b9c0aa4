#include "trader/open_orders_file.hpp"

#include "trader/state_folder.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

namespace tradehive::trader {
namespace {

constexpr std::size_t most_orders = 1'000;

bool is_one_of(char character, std::string_view characters) {
    return characters.find(character) != std::string_view::npos;
}

} // namespace

std::vector<OrderEntry> OpenOrdersFile::read() const {
    std::vector<OrderEntry> orders;
    std::ifstream file(path_);
    for (std::string line; orders.size() < most_orders && std::getline(file, line);) {
        std::istringstream words(line);
        OrderEntry order;
        char side{};
        char ord_type{};
        char time_in_force{};
        words >> order.cl_ord_id >> order.account >> order.symbol >> side >> ord_type >> time_in_force >>
            order.order_qty >> order.price;
        if (words.fail() || !is_one_of(side, "12") || !is_one_of(ord_type, "12") ||
            !is_one_of(time_in_force, "0134"))
            continue;
        order.side = static_cast<Side>(side);
        order.ord_type = static_cast<OrdType>(ord_type);
        order.time_in_force = static_cast<TimeInForce>(time_in_force);
        orders.push_back(std::move(order));
    }
    return orders;
}

void OpenOrdersFile::write(const std::vector<OrderEntry>& orders) const {
    namespace fs = std::filesystem;
    std::error_code failed;
    if (orders.empty()) {
        fs::remove(path_, failed);
        return;
    }
    fs::create_directories(fs::path(path_).parent_path(), failed);
    std::ofstream file(path_, std::ios::trunc);
    for (auto at = orders.size() > most_orders ? orders.size() - most_orders : 0; at < orders.size(); ++at) {
        const auto& order = orders[at];
        file << order.cl_ord_id << ' ' << order.account << ' ' << order.symbol << ' '
             << static_cast<char>(order.side) << ' ' << static_cast<char>(order.ord_type) << ' '
             << static_cast<char>(order.time_in_force) << ' ' << order.order_qty << ' ' << order.price
             << '\n';
    }
    file.flush();
    if (!file) std::cerr << "open orders are not remembered: " << path_ << " cannot be written\n";
}

std::string open_orders_path(const std::string& store, const std::string& sender) {
    return state_path(store, "open-orders-" + sender);
}

} // namespace tradehive::trader
