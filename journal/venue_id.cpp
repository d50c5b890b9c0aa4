#include "journal/venue_id.hpp"

#include "journal/file.hpp"

#include <fmt/format.h>

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace tradehive::journal {

namespace {

constexpr std::size_t digits = 32;

std::filesystem::path path_in(const std::filesystem::path& directory) {
    return directory / "venue";
}

std::string make_id() {
    std::array<unsigned char, digits / 2> bytes{};
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
        throw JournalError{
            fmt::format("no random numbers from the kernel: {}", std::generic_category().message(errno))};
    std::string id;
    for (const auto byte : bytes)
        id += fmt::format("{:02x}", byte);
    return id;
}

} // namespace

std::string venue_id(const std::filesystem::path& directory) {
    if (std::filesystem::exists(path_in(directory))) return read_venue_id(directory);
    const auto id = make_id();
    const auto line = id + "\n";
    File file{directory / "venue.new", File::Mode::create_empty};
    file.write_at(std::as_bytes(std::span{line}), 0);
    file.sync();
    file.rename_to(path_in(directory));
    return id;
}

std::string read_venue_id(const std::filesystem::path& directory) {
    const auto bytes = read_whole(path_in(directory));
    std::string id(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (id.ends_with('\n')) id.pop_back();
    if (id.size() != digits || id.find_first_not_of("0123456789abcdef") != std::string::npos)
        throw JournalError{
            fmt::format("{}: must be one line of {} hexadecimal digits; restore it from a copy",
                        path_in(directory).string(), digits)};
    return id;
}

} // namespace tradehive::journal
