#include "trader/load_report.hpp"

#include "trader/fix_text.hpp"

#include <algorithm>
#include <array>
#include <iomanip>
#include <ostream>
#include <sstream>

namespace tradehive::trader {
namespace {

constexpr std::array<std::pair<const char*, std::uint64_t>, 5> percentiles{
    {{"p50", 500'000}, {"p90", 900'000}, {"p99", 990'000}, {"p99.9", 999'000}, {"p99.99", 999'900}}};

// The lower bounds of the bands, in nanoseconds: ten to each power of ten, the preferred numbers R10.
std::vector<std::int64_t> band_bounds() {
    constexpr std::array<std::int64_t, 10> steps{100, 125, 160, 200, 250, 315, 400, 500, 630, 800};
    std::vector<std::int64_t> bounds{0};
    for (std::int64_t scale = 1; scale < LatencyHistogram::longest / 1000; scale *= 10)
        for (const auto step : steps)
            bounds.push_back(step * scale);
    bounds.push_back(LatencyHistogram::longest + 1);
    return bounds;
}

std::uint64_t per_second(std::uint64_t count, std::chrono::nanoseconds time) {
    const auto microseconds = static_cast<std::uint64_t>(std::max<std::int64_t>(time.count() / 1000, 1));
    return count * 1'000'000 / microseconds; // 18 million million orders before it overflows
}

std::string seconds_text(std::chrono::nanoseconds time) {
    const auto tenths = time.count() / 100'000'000;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

std::string plan_text(const LoadPlan& plan, const LoadResult& result) {
    return count_text(result.sessions) + (result.sessions == 1 ? " session, " : " sessions, ") +
           (plan.orders_per_second > 0 ? count_text(plan.orders_per_second) + " orders/s wanted"
                                       : "window " + count_text(plan.window));
}

std::string figures_text(const LoadResult& result) {
    return count_text(result.counts.accepted) + " orders answered in " + seconds_text(result.answered) +
           ": " + count_text(per_second(result.counts.accepted, result.answered)) + " orders/s";
}

// What makes the figures mean something else than they seem to.
std::vector<std::string> warnings(const LoadPlan& plan, const LoadResult& result) {
    std::vector<std::string> lines;
    if (!result.broken.empty()) lines.push_back("ended early: " + printable(result.broken));
    if (result.counts.refused > 0)
        lines.push_back(count_text(result.counts.refused) +
                        " orders were refused, the last one: " + result.counts.last_refusal);
    if (result.unanswered > 0) lines.push_back(count_text(result.unanswered) + " orders have no answer");
    if (plan.orders_per_second == 0) return lines;
    if (!result.kept_rate())
        lines.push_back("the load itself could not keep the rate: sent " + count_text(result.counts.sent) +
                        " of " + count_text(result.due) + " due, one in a hundred more than " +
                        duration_text(result.own_lateness.at(990'000)) +
                        " late before it was written; the latencies are the load's as well");
    if (result.held_by_the_venue > 0)
        lines.push_back(count_text(result.held_by_the_venue) +
                        " orders had to wait since the venue took no more bytes; their latency counts that");
    return lines;
}

// Broken between words, for a picture that does not break lines itself.
std::vector<std::string> in_lines(std::string_view text) {
    constexpr std::size_t longest = 100;
    std::vector<std::string> lines;
    while (text.size() > longest) {
        const auto blank = text.rfind(' ', longest);
        if (blank == 0 || blank == std::string_view::npos) break;
        lines.emplace_back(text.substr(0, blank));
        text.remove_prefix(blank + 1);
    }
    lines.emplace_back(text);
    return lines;
}

std::string xml(std::string_view text) {
    std::string escaped;
    for (const char character : text) {
        if (character == '&')
            escaped += "&amp;";
        else if (character == '<')
            escaped += "&lt;";
        else if (character == '>')
            escaped += "&gt;";
        else
            escaped += character;
    }
    return escaped;
}

} // namespace

std::string count_text(std::uint64_t count) {
    auto text = std::to_string(count);
    for (auto place = static_cast<std::ptrdiff_t>(text.size()) - 3; place > 0; place -= 3)
        text.insert(static_cast<std::size_t>(place), ",");
    return text;
}

std::string duration_text(std::int64_t nanoseconds) {
    struct Unit {
        std::int64_t size;
        const char* name;
    };
    constexpr std::array<Unit, 4> units{
        {{1'000'000'000, " s"}, {1'000'000, " ms"}, {1'000, " µs"}, {1, " ns"}}};
    const auto* const unit =
        std::ranges::find_if(units, [&](const Unit& known) { return nanoseconds >= known.size; });
    if (unit == units.end()) return "0 ns";
    const auto whole = nanoseconds / unit->size;
    auto text = std::to_string(whole);
    if (unit->size > 1 && whole < 100) {
        const auto hundredths = nanoseconds % unit->size * 100 / unit->size;
        text += '.';
        text += static_cast<char>('0' + hundredths / 10);
        if (whole < 10) text += static_cast<char>('0' + hundredths % 10);
        while (text.back() == '0')
            text.pop_back();
        if (text.back() == '.') text.pop_back();
    }
    return text + unit->name;
}

std::vector<LatencyBand> latency_bands(const LatencyHistogram& latency) {
    const auto bounds = band_bounds();
    std::vector<LatencyBand> bands;
    for (const auto& bucket : latency.buckets()) {
        const auto next = std::ranges::upper_bound(bounds, bucket.from + (bucket.to - bucket.from) / 2);
        auto place = static_cast<std::size_t>(next - bounds.begin()) - 1;
        if (!bands.empty()) { // those without a count between two that have one
            const auto last =
                static_cast<std::size_t>(std::ranges::find(bounds, bands.back().from) - bounds.begin());
            for (auto empty = last + 1; empty < place; ++empty)
                bands.push_back({.from = bounds[empty], .to = bounds[empty + 1], .count = 0});
        }
        if (bands.empty() || bands.back().from != bounds[place])
            bands.push_back({.from = bounds[place], .to = bounds[place + 1], .count = 0});
        bands.back().count += bucket.count;
    }
    return bands;
}

void print_load(std::ostream& out, const LoadPlan& plan, const LoadResult& result, bool colours) {
    constexpr std::size_t bar_width = 40;
    constexpr int label_width = 19;
    const auto& latency = result.counts.latency;
    out << plan_text(plan, result) << '\n' << figures_text(result) << '\n';
    if (latency.count() > 0) {
        out << "latency from the moment an order was due:\n  least " << duration_text(latency.least())
            << ", mean " << duration_text(latency.mean());
        for (const auto& [name, millionths] : percentiles)
            out << ", " << name << ' ' << duration_text(latency.at(millionths));
        out << ", most " << duration_text(latency.most()) << '\n';
        const auto bands = latency_bands(latency);
        const auto highest = std::ranges::max(bands, {}, &LatencyBand::count).count;
        for (const auto& band : bands) {
            auto label = duration_text(band.from) + " – " + duration_text(band.to);
            // Counted in characters: the dash has three bytes and µ two.
            const auto characters = std::ranges::count_if(
                label, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; });
            label.insert(0, static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, label_width - characters)),
                         ' ');
            // A count is never invisible.
            const auto length =
                band.count == 0 ? 0 : std::max<std::uint64_t>(1, band.count * bar_width / highest);
            std::string bar;
            for (std::uint64_t place = 0; place < length; ++place)
                bar += "█";
            out << label << ' ' << (colours ? "\033[36m" : "") << bar << (colours ? "\033[0m" : "")
                << (bar.empty() ? "" : " ") << count_text(band.count) << '\n';
        }
    }
    for (const auto& line : warnings(plan, result))
        out << (colours ? "\033[33m" : "") << "! " << line << (colours ? "\033[0m" : "") << '\n';
}

void write_load_csv(std::ostream& out, const LoadResult& result) {
    out << "from_ns,to_ns,count,cumulative\n";
    std::uint64_t cumulative = 0;
    for (const auto& bucket : result.counts.latency.buckets()) {
        cumulative += bucket.count;
        out << bucket.from << ',' << bucket.to << ',' << bucket.count << ',' << cumulative << '\n';
    }
}

void write_load_svg(std::ostream& out, const LoadPlan& plan, const LoadResult& result) {
    constexpr std::size_t width = 720;
    constexpr std::size_t left = 40;
    constexpr std::size_t top = 72;
    constexpr std::size_t bars_height = 200;
    const auto& latency = result.counts.latency;
    const auto bands = latency_bands(latency);
    std::vector<std::string> notes;
    for (const auto& warning : warnings(plan, result))
        for (auto& part : in_lines("! " + warning))
            notes.push_back(std::move(part));
    const auto height = top + bars_height + 76 + 18 * notes.size();
    const auto text = [&](std::size_t x, std::size_t y, std::string_view words, const char* style) {
        out << "<text x=\"" << x << "\" y=\"" << y << "\" " << style << '>' << xml(words) << "</text>\n";
    };
    out << "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " << width << ' ' << height
        << "\" width=\"" << width << "\" font-family=\"sans-serif\" font-size=\"13\" fill=\"#222\">\n"
        << "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n";
    text(left, 26, figures_text(result), "font-size=\"16\"");
    text(left, 46, plan_text(plan, result) + "; latency from the moment an order was due", "fill=\"#666\"");
    if (!bands.empty()) {
        const auto highest = std::ranges::max(bands, {}, &LatencyBand::count).count;
        const auto step = std::min<std::size_t>(40, (width - 2 * left) / bands.size());
        for (std::size_t place = 0; place < bands.size(); ++place) {
            const auto& band = bands[place];
            const auto bar =
                band.count == 0
                    ? 0
                    : std::max<std::size_t>(1, static_cast<std::size_t>(band.count * bars_height / highest));
            const auto x = left + place * step;
            out << "<rect x=\"" << x << "\" y=\"" << top + bars_height - bar << "\" width=\"" << step - 2
                << "\" height=\"" << bar << "\" fill=\"#2a7f9e\"><title>" << duration_text(band.from) << " – "
                << duration_text(band.to) << ": " << count_text(band.count) << "</title></rect>\n";
            constexpr std::size_t label_room = 56;
            if (place % ((label_room + step - 1) / step) == 0)
                text(x, top + bars_height + 18, duration_text(band.from), "font-size=\"11\" fill=\"#666\"");
        }
        std::string line = "least " + duration_text(latency.least());
        for (const auto& [name, millionths] : percentiles)
            line += ", " + std::string(name) + " " + duration_text(latency.at(millionths));
        text(left, top + bars_height + 46, line + ", most " + duration_text(latency.most()), "");
    }
    for (std::size_t place = 0; place < notes.size(); ++place)
        text(left, top + bars_height + 68 + 18 * place, notes[place], "fill=\"#a05a00\"");
    out << "</svg>\n";
}

} // namespace tradehive::trader
