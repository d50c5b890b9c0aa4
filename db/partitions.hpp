// The parts of a big table on PostgreSQL: ranges of its id, which rises with time. They are made ahead of the
// rows, and dropped whole by retention.hpp. On SQLite there are none, and nothing here does anything. Inside
// db only.
//
// A new part is made beside the table and attached, so that nobody who reads the table has to wait.
#pragma once

#include "db/database.hpp"

#include <string>
#include <vector>

namespace tradehive::db {

class Partitions {
public:
    struct Part {
        long long first{};
        long long past{}; // the first id that is not in it
    };

    // ids: how many a new part is for. Throws SOCI's errors, as do all of these.
    Partitions(Connection& connection, std::string parent, long long ids);

    // In the transaction that writes rows with these ids, before they are written: makes what is missing of
    // their parts, and the part after the highest one.
    void make_for(const std::vector<long long>& ids);

    // By id, from the database: another program may have dropped some.
    [[nodiscard]] const std::vector<Part>& read();
    void drop(const Part& part);

private:
    void make_for(long long id);

    Connection& connection_;
    std::string parent_;
    long long ids_;
    std::vector<Part> parts_;
};

} // namespace tradehive::db
