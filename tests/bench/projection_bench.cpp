// The projection against a bare loop: the same rows by the same multi-row statements in the same
// transactions, through SQLite's and PostgreSQL's own C interfaces, with every row made beforehand. By turns,
// each into a fresh database.
//
//   projection_bench [--rounds N] [--trades N]      SQLite; with TRADEHIVE_TEST_DATABASE=postgresql
//   PostgreSQL
#include "db/event_rows.hpp"
#include "db/migrations.hpp"
#include "db/projection.hpp"
#include "tests/bench/bench.hpp"
#include "tests/db/event_story.hpp"
#include "tests/db/scratch_database.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace tradehive::db {
namespace {

constexpr std::size_t events_a_batch = 1024; // as the projector's
constexpr std::array<std::size_t, 3> sizes{64, 8, 1};

using Value = std::variant<std::nullptr_t, long long, std::string>;

// One statement's text and the values of its parameters.
struct Call {
    std::size_t statement{}; // number of its text
    std::vector<Value> values;
};
using Batch = std::vector<Call>;

class Plan {
public:
    explicit Plan(const std::vector<Event>& events) {
        Steps steps;
        for (std::size_t i = 0; i < events.size(); i += events_a_batch) {
            EventRows rows(steps, std::span(events).subspan(i, std::min(events_a_batch, events.size() - i)));
            auto& batch = batches_.emplace_back();
            add_one_by_one(batch, rows.firms);
            add_one_by_one(batch, rows.accounts);
            add_one_by_one(batch, rows.fix_sessions);
            add_one_by_one(batch, rows.entitlements);
            add_one_by_one(batch, rows.assets);
            add_one_by_one(batch, rows.instruments);
            add_many(batch, rows.orders);
            add_many(batch, rows.trades);
            add_many(batch, rows.balances);
        }
    }

    [[nodiscard]] const std::vector<Batch>& batches() const { return batches_; }
    [[nodiscard]] const std::vector<std::string>& statements() const { return statements_; }
    [[nodiscard]] std::size_t rows() const { return rows_; }

private:
    template <class Row>
    void add_one_by_one(Batch& batch, const std::vector<Row>& rows) {
        for (const auto& row : rows)
            add(batch, std::span(&row, 1));
    }
    template <class Row>
    void add_many(Batch& batch, const std::vector<Row>& all) {
        std::span rows(all);
        for (const auto size : sizes)
            for (; rows.size() >= size; rows = rows.subspan(size))
                add(batch, rows.first(size));
    }
    template <class Row>
    void add(Batch& batch, std::span<const Row> rows) {
        Call call{.statement = number_of(upsert_text<Row>(rows.size())), .values = {}};
        for (auto row : rows)
            row.columns([&](const std::string& /*name*/, auto& value) {
                if constexpr (requires { value.indicator; })
                    call.values.push_back(value.indicator == soci::i_null ? Value{nullptr}
                                                                          : Value{value.text});
                else
                    call.values.emplace_back(value);
            });
        rows_ += rows.size();
        batch.push_back(std::move(call));
    }
    std::size_t number_of(const std::string& text) {
        const auto [place, is_new] = numbers_.emplace(text, statements_.size());
        if (is_new) statements_.push_back(text);
        return place->second;
    }

    std::vector<Batch> batches_;
    std::vector<std::string> statements_;
    std::map<std::string, std::size_t> numbers_;
    std::size_t rows_{};
};

// By the clock, and of this process's processor time: on a busy machine only the second can be compared. With
// SQLite it is all the work that there is.
struct Taken {
    double seconds{};
    double processor{};
};

template <class Work>
Taken time_of(Work&& work) {
    const auto processor = std::clock();
    const auto began = std::chrono::steady_clock::now();
    work();
    return {std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count(),
            static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC};
}

void need(bool good, const char* what) {
    if (!good) throw std::runtime_error(what);
}

Taken bare_sqlite(Connection& connection, const Plan& plan) {
    auto* database = static_cast<soci::sqlite3_session_backend*>(connection.sql().get_backend())->conn_;
    std::vector<sqlite_api::sqlite3_stmt*> statements;
    for (const auto& text : plan.statements()) {
        auto& statement = statements.emplace_back();
        need(sqlite_api::sqlite3_prepare_v2(database, text.c_str(), -1, &statement, nullptr) == 0, "prepare");
    }
    const auto execute = [&](const char* text) {
        need(sqlite_api::sqlite3_exec(database, text, nullptr, nullptr, nullptr) == 0, text);
    };
    const auto taken = time_of([&] {
        for (const auto& batch : plan.batches()) {
            execute("BEGIN");
            execute("UPDATE projection SET next_event = next_event + 1");
            for (const auto& call : batch) {
                auto* statement = statements[call.statement];
                for (int i = 0; const auto& value : call.values) {
                    ++i;
                    if (const auto* number = std::get_if<long long>(&value))
                        sqlite_api::sqlite3_bind_int64(statement, i, *number);
                    else if (const auto* text = std::get_if<std::string>(&value))
                        sqlite_api::sqlite3_bind_text(statement, i, text->data(),
                                                      static_cast<int>(text->size()), nullptr);
                    else
                        sqlite_api::sqlite3_bind_null(statement, i);
                }
                need(sqlite_api::sqlite3_step(statement) == 101, "step"); // SQLITE_DONE
                sqlite_api::sqlite3_reset(statement);
            }
            execute("COMMIT");
        }
    });
    for (auto* statement : statements)
        sqlite_api::sqlite3_finalize(statement);
    return taken;
}

// ":name" as "$1", "$2", …
std::string with_numbers(const std::string& text) {
    std::string result;
    int number = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != ':') {
            result += text[i];
            continue;
        }
        result += "$" + std::to_string(++number);
        while (i + 1 < text.size() &&
               (std::isalnum(static_cast<unsigned char>(text[i + 1])) != 0 || text[i + 1] == '_'))
            ++i;
    }
    return result;
}

Taken bare_postgresql(Connection& connection, const Plan& plan) {
    auto* server = static_cast<soci::postgresql_session_backend*>(connection.sql().get_backend())->conn_;
    const auto done = [&](PGresult* result) {
        const bool good = ::PQresultStatus(result) == PGRES_COMMAND_OK;
        ::PQclear(result);
        need(good, ::PQerrorMessage(server));
    };
    Partitions orders(connection, "orders", 1'000'000);
    Partitions trades(connection, "trades", 1'000'000);
    orders.make_for(std::vector<long long>{1});
    trades.make_for(std::vector<long long>{1});
    for (std::size_t i = 0; i < plan.statements().size(); ++i)
        done(::PQprepare(server, ("bare" + std::to_string(i)).c_str(),
                         with_numbers(plan.statements()[i]).c_str(), 0, nullptr));
    return time_of([&] {
        for (const auto& batch : plan.batches()) {
            done(::PQexec(server, "BEGIN"));
            done(::PQexec(server, "UPDATE projection SET next_event = next_event + 1"));
            for (const auto& call : batch) {
                std::vector<std::string> texts(call.values.size());
                std::vector<const char*> values(call.values.size());
                for (std::size_t i = 0; i < call.values.size(); ++i) {
                    if (const auto* number = std::get_if<long long>(&call.values[i]))
                        values[i] = (texts[i] = std::to_string(*number)).c_str();
                    else if (const auto* text = std::get_if<std::string>(&call.values[i]))
                        values[i] = text->c_str();
                }
                done(::PQexecPrepared(server, ("bare" + std::to_string(call.statement)).c_str(),
                                      static_cast<int>(values.size()), values.data(), nullptr, nullptr, 0));
            }
            done(::PQexec(server, "COMMIT"));
        }
    });
}

Taken projected(Connection& connection, const std::vector<Event>& events) {
    Projection projection(connection);
    return time_of([&] {
        for (std::size_t i = 0; i < events.size(); i += events_a_batch)
            need(projection.project(EventNumber{i + 1}, std::span(events).subspan(
                                                            i, std::min(events_a_batch, events.size() - i))),
                 "the position is another");
    });
}

double median(std::vector<Taken> all, double Taken::* of) {
    std::ranges::sort(all, {}, of);
    return all[all.size() / 2].*of;
}

int run(std::size_t rounds, std::size_t trades) {
    Story story;
    story.add_world();
    for (std::size_t i = 0; i < trades; ++i)
        story.add_trade(i);
    const Plan plan(story.events());
    std::vector<Taken> bare;
    std::vector<Taken> ours;
    for (std::size_t round = 0; round < rounds; ++round) {
        const ScratchDatabase one;
        const ScratchDatabase other;
        Connection first(one.options(), Durability::projection);
        migrate(first);
        first.sql() << "INSERT INTO projection (follower, next_event) VALUES ('bare', 1)";
        bare.push_back(on_postgresql() ? bare_postgresql(first, plan) : bare_sqlite(first, plan));
        Connection second(other.options(), Durability::projection);
        migrate(second);
        ours.push_back(projected(second, story.events()));
        if (number_of(first, "SELECT COUNT(*) FROM trades") !=
            number_of(second, "SELECT COUNT(*) FROM trades")) {
            fmt::print(stderr, "projection_bench: the databases differ\n");
            return EXIT_FAILURE;
        }
    }
    const auto line = [&](std::string_view what, const std::vector<Taken>& all) {
        const auto seconds = median(all, &Taken::seconds);
        const auto processor = median(all, &Taken::processor);
        fmt::print("| {} | {:.3f} | {:.0f} | {:.2f} | {:.3f} | {:.2f} |\n", what, seconds,
                   static_cast<double>(plan.rows()) / seconds, median(bare, &Taken::seconds) / seconds,
                   processor, median(bare, &Taken::processor) / processor);
    };
    fmt::print("{}: {} events, {} rows, {} rounds by turns; medians\n\n",
               on_postgresql() ? "PostgreSQL" : "SQLite", story.events().size(), plan.rows(), rounds);
    fmt::print(
        "| | s | rows a second | speed ratio | own processor s | ratio of it |\n|---|---|---|---|---|---|\n");
    line("the same statements and rows, bare", bare);
    line("projection: events to rows to SQL", ours);
    return EXIT_SUCCESS;
}

} // namespace
} // namespace tradehive::db

int main(int argument_count, char** arguments) {
    std::size_t rounds = 5;
    std::size_t trades = 20'000;
    return tradehive::bench::run_bench("projection_bench", argument_count, arguments,
                                       {{"--rounds", rounds}, {"--trades", trades}},
                                       [&] { return tradehive::db::run(rounds, trades); });
}
