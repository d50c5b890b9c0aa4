// The database that a configuration names.
#pragma once

#include "db/database.hpp"
#include "main/configuration.hpp"

namespace tradehive::main {

[[nodiscard]] db::DatabaseOptions database_options(const Configuration::Database& database);

} // namespace tradehive::main
