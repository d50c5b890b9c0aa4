#include "domain/reference_data.hpp"

namespace tradehive {

namespace {

template <class View>
const View* find(const std::vector<View>& views, const std::unordered_map<std::string, std::size_t>& index,
                 std::string_view name) {
    const auto found = index.find(std::string{name});
    return found == index.end() ? nullptr : &views[found->second];
}

} // namespace

void ReferenceData::index() {
    const auto fill = [](Index& index, const auto& views, auto name) {
        index.clear();
        for (std::size_t i = 0; i < views.size(); ++i)
            index.emplace((views[i].*name).view(), i);
    };
    fill(firms_by_code_, firms, &FirmView::code);
    fill(accounts_by_code_, accounts, &AccountView::code);
    fill(sessions_by_comp_id_, sessions, &FixSessionView::comp_id);
    fill(assets_by_code_, assets, &Asset::code);
    fill(instruments_by_symbol_, instruments, &Instrument::symbol);
}

const FirmView* ReferenceData::firm(std::string_view code) const {
    return find(firms, firms_by_code_, code);
}
const AccountView* ReferenceData::account(std::string_view code) const {
    return find(accounts, accounts_by_code_, code);
}
const FixSessionView* ReferenceData::session(std::string_view comp_id) const {
    return find(sessions, sessions_by_comp_id_, comp_id);
}
const Asset* ReferenceData::asset(std::string_view code) const {
    return find(assets, assets_by_code_, code);
}
const Instrument* ReferenceData::instrument(std::string_view symbol) const {
    return find(instruments, instruments_by_symbol_, symbol);
}

} // namespace tradehive
