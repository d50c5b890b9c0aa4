#include "main/database_options.hpp"

namespace tradehive::main {

db::DatabaseOptions database_options(const Configuration::Database& database) {
    db::DatabaseOptions options;
    if (database.backend == Configuration::DatabaseBackend::sqlite) {
        options.file = database.file;
        return options;
    }
    options.backend = db::Backend::postgresql;
    options.server = {.host = database.host,
                      .port = database.port,
                      .name = database.name,
                      .user = database.user,
                      .tls = database.tls,
                      .ca = database.ca,
                      .certificate = database.certificate,
                      .key = database.key,
                      .password_file = database.password_file};
    options.connect_timeout = database.connect_timeout;
    options.statement_timeout = database.statement_timeout;
    return options;
}

} // namespace tradehive::main
