#include "db/partitions.hpp"

#include <soci/soci.h>

#include <algorithm>
#include <utility>

namespace tradehive::db {

Partitions::Partitions(Connection& connection, std::string parent, long long ids)
    : connection_{connection}
    , parent_{std::move(parent)}
    , ids_{ids} {
    (void)read();
}

const std::vector<Partitions::Part>& Partitions::read() {
    parts_.clear();
    if (connection_.backend() != Backend::postgresql) return parts_;
    const soci::rowset<soci::row> rows =
        (connection_.sql().prepare
             << "SELECT first_id, past_id FROM partitions WHERE parent = :parent ORDER BY first_id",
         soci::use(parent_, "parent"));
    for (const auto& row : rows)
        parts_.push_back({row.get<long long>(0), row.get<long long>(1)});
    return parts_;
}

void Partitions::make_for(const std::vector<long long>& ids) {
    if (connection_.backend() != Backend::postgresql || ids.empty()) return;
    for (const auto id : ids)
        make_for(id);
    make_for(std::ranges::upper_bound(parts_, *std::ranges::max_element(ids), {}, &Part::first)[-1].past);
}

void Partitions::make_for(long long id) {
    const auto after = std::ranges::upper_bound(parts_, id, {}, &Part::first);
    if (after != parts_.begin() && id < after[-1].past) return;
    // Whole multiples, cut where a neighbour was made with another number of ids.
    Part part{id / ids_ * ids_, (id / ids_ + 1) * ids_};
    if (after != parts_.begin()) part.first = std::max(part.first, after[-1].past);
    if (after != parts_.end()) part.past = std::min(part.past, after->first);
    const auto first = std::to_string(part.first);
    const auto past = std::to_string(part.past);
    const auto name = parent_ + "_" + first;
    auto& sql = connection_.sql();
    sql << "CREATE TABLE " + name + " (LIKE " + parent_ + " INCLUDING ALL)";
    sql << "ALTER TABLE " + parent_ + " ATTACH PARTITION " + name + " FOR VALUES FROM (" + first + ") TO (" +
               past + ")";
    sql << "INSERT INTO partitions (parent, first_id, past_id) VALUES (:parent, :first, :past)",
        soci::use(parent_, "parent"), soci::use(part.first, "first"), soci::use(part.past, "past");
    parts_.insert(after, part);
}

void Partitions::drop(const Part& part) {
    auto& sql = connection_.sql();
    sql << "DROP TABLE " + parent_ + "_" + std::to_string(part.first);
    sql << "DELETE FROM partitions WHERE parent = :parent AND first_id = :first",
        soci::use(parent_, "parent"), soci::use(part.first, "first");
    std::erase_if(parts_, [&](const Part& known) { return known.first == part.first; });
}

} // namespace tradehive::db
