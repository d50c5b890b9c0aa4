#pragma once

#include "credentials/keys.hpp"

#include <filesystem>
#include <string>
#include <system_error>

namespace tradehive::credentials {

inline std::string first_key() {
    return "1 " + std::string(64, 'a');
}
inline std::string second_key() {
    return "2 " + std::string(64, 'b');
}

inline Keys test_keys() {
    return Keys::from_text(first_key(), "test");
}

// A folder of its own, gone with the test.
class ScratchFolder {
public:
    ScratchFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "tradehive-credentials-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category());
        path_ = name;
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    ~ScratchFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] std::filesystem::path operator/(const char* name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

} // namespace tradehive::credentials
